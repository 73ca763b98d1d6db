// ItemCollectionMetrics: what DynamoDB tells about the items that share a hash key, of tables with
// a local index.
#pragma once

#include <zael/store.h>

#include "endpoint/request_members.h"
#include "json/json_writer.h"

namespace zael::endpoint {

// Whether ReturnItemCollectionMetrics asks for them.
bool ReadsCollectionMetrics(Members& request);

// One object. The estimate is always the smallest, 0 to 1 GB: no collection has a limit here.
void WriteCollectionMetrics(json::JsonWriter& writer, const KeySchema& keys, const Item& item);

}  // namespace zael::endpoint
