#include "endpoint/items/collection_metrics.h"

#include "dynamo/attribute_value.h"

namespace zael::endpoint {

bool ReadsCollectionMetrics(Members& request) {
  return request.Text("ReturnItemCollectionMetrics", {.choices = {"SIZE", "NONE"}}) == "SIZE";
}

void WriteCollectionMetrics(json::JsonWriter& writer, const KeySchema& keys, const Item& item) {
  writer.BeginObject().Key("ItemCollectionKey");
  dynamo::WriteItem(writer, {{keys.hash.name, *item.Find(keys.hash.name)}});
  writer.Key("SizeEstimateRangeGB").BeginArray().Double(0).Double(1).EndArray().EndObject();
}

}  // namespace zael::endpoint
