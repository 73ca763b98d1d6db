#include "tests/integration/differential/known_capacities.h"

#include <cstddef>
#include <string_view>

#include "json/json_document.h"
#include "tests/integration/differential/exchange_facts.h"

namespace zael::differential {
namespace {

using json::JsonValue;

// Whether the request gives both keys of a global index.
bool HasIndexKeys(const Exchange& e) {
  return Has(e.request.json, R"("gk":)") && Has(e.request.json, R"("gr":)");
}

std::size_t Count(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

// The units of all tables together.
double UnitsOf(const Answer& answer) {
  const auto document = json::JsonDocument::Parse(answer.body);
  if (!document.ok()) return 0;
  const JsonValue tables = document->root().Find("ConsumedCapacity");
  double units = 0;
  for (std::size_t i = 0; i < tables.size(); ++i)
    units += tables.At(i).Find("CapacityUnits").AsDouble().value_or(0);
  return units;
}

// At most one unit for each of so many.
bool OursCountsMore(const Exchange& e, std::size_t most) {
  const double more = UnitsOf(e.ours) - UnitsOf(e.theirs);
  return more > 0 && more <= static_cast<double>(most);
}
bool TheirsCountsMore(const Exchange& e, std::size_t most) {
  const double more = UnitsOf(e.theirs) - UnitsOf(e.ours);
  return more > 0 && more <= static_cast<double>(most);
}

std::vector<KnownDifference> OfElements() {
  return {
      {"tells no ReadCapacityUnits and WriteCapacityUnits of transactions",
       "both are told at each level (2.5 of the reference)",
       [](const Exchange& e) {
         return e.request.operation.starts_with("Transact") &&
                SameWithout(e, {"ReadCapacityUnits", "WriteCapacityUnits"});
       },
       "TransactGetItems",
       R"~({"ReturnConsumedCapacity":"TOTAL","TransactItems":[{"Get":{"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}}}}]})~"},
      {"tells no ItemCollectionMetrics", "told of tables with a local index when asked for",
       [](const Exchange& e) {
         return e.request.IsWrite() && MemberOf(e.theirs, "ItemCollectionMetrics").empty() &&
                SameWithout(e,
                            {"ItemCollectionMetrics", "ReadCapacityUnits", "WriteCapacityUnits"});
       },
       "PutItem",
       R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"}},"ReturnItemCollectionMetrics":"SIZE"})~"},
      {"tells the capacity of deleting nothing unasked", "told when asked for only",
       [](const Exchange& e) {
         return e.request.operation == "DeleteItem" &&
                MemberOf(e.ours, "ConsumedCapacity").empty() &&
                SameWithout(e, {"ConsumedCapacity", "ItemCollectionMetrics"});
       },
       "DeleteItem", R"({"TableName":"example","Key":{"pk":{"S":"nobody"},"sk":{"N":"1"}}})"},
      {"counts nothing for a key of BatchGetItem that has no item",
       "a missing item counts as one unit of 4 KB",
       [](const Exchange& e) {
         return e.request.operation == "BatchGetItem" && SameWithout(e, {"CapacityUnits"}) &&
                OursCountsMore(e, Count(e.request.json, R"("pk":)"));
       },
       "BatchGetItem",
       R"~({"ReturnConsumedCapacity":"TOTAL","RequestItems":{"example":{"Keys":[{"pk":{"S":"nobody"},"sk":{"N":"1"}}]}}})~"},
      {"counts one unit for deleting nothing in a transaction", "two, as for every write in one",
       [](const Exchange& e) {
         return e.request.operation == "TransactWriteItems" &&
                OursCountsMore(e, Count(e.request.json, R"({"Delete":)")) &&
                SameWithout(e, {"CapacityUnits", "ReadCapacityUnits", "WriteCapacityUnits",
                                "ItemCollectionMetrics"});
       },
       "TransactWriteItems",
       R"~({"ReturnConsumedCapacity":"TOTAL","TransactItems":[{"Delete":{"TableName":"example","Key":{"pk":{"S":"nobody"},"sk":{"N":"1"}}}}]})~"},
  };
}

std::vector<KnownDifference> OfIndexesAndPages() {
  return {
      {"counts nothing for a query that reads nothing", "half a unit at least",
       [](const Exchange& e) {
         return e.request.operation == "Query" && SameWithout(e, {"CapacityUnits"}) &&
                Has(e.theirs.body, R"("CapacityUnits":0.0)");
       },
       "Query",
       R"~({"TableName":"example","KeyConditionExpression":"pk = :x AND sk = :n","ReturnConsumedCapacity":"TOTAL","ExclusiveStartKey":{"pk":{"S":"x"},"sk":{"N":"1"}},"ExpressionAttributeValues":{":x":{"S":"x"},":n":{"N":"1"}}})~"},
      {"counts a global index for an item that had one of its keys and gets the other",
       "neither item is in the index",
       [](const Exchange& e) {
         const std::size_t puts = Count(e.request.json, R"("PutRequest")");
         const std::size_t deletes = Count(e.request.json, R"("DeleteRequest")");
         const bool may = e.request.operation == "PutItem"
                              ? !HasIndexKeys(e)
                              : puts > 0 && TheirsCountsMore(e, puts + deletes);
         return may && SameWithout(
                           e, {"CapacityUnits", "GlobalSecondaryIndexes", "ItemCollectionMetrics"});
       },
       "PutItem",
       R"~({"TableName":"example","Item":{"pk":{"S":"half"},"sk":{"N":"1"},"gk":{"S":"x"}},"ReturnConsumedCapacity":"INDEXES"})~"},
      {"counts one unit more for deleting nothing in BatchWriteItem",
       "one unit, as DeleteItem counts it",
       [](const Exchange& e) {
         return e.request.operation == "BatchWriteItem" &&
                TheirsCountsMore(e, Count(e.request.json, "DeleteRequest")) &&
                SameWithout(e, {"CapacityUnits", "ItemCollectionMetrics"});
       },
       "BatchWriteItem",
       R"~({"ReturnConsumedCapacity":"TOTAL","RequestItems":{"example":[{"DeleteRequest":{"Key":{"pk":{"S":"nobody"},"sk":{"N":"1"}}}}]}})~"},
  };
}

}  // namespace

std::vector<KnownDifference> CapacityDifferences() {
  std::vector<KnownDifference> all = OfElements();
  for (const KnownDifference& known : OfIndexesAndPages()) all.push_back(known);
  return all;
}

}  // namespace zael::differential
