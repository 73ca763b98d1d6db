#include "tests/integration/differential/known_differences.h"

#include <algorithm>
#include <array>

#include "base/format.h"
#include "json/json_document.h"
#include "tests/integration/differential/comparison.h"
#include "tests/integration/differential/exchange_facts.h"
#include "tests/integration/differential/known_capacities.h"
#include "tests/integration/differential/known_texts.h"

namespace zael::differential {
namespace {

using json::JsonValue;

constexpr std::string_view kLost = "ConditionalCheckFailedException";
constexpr std::string_view kInvalid = "ValidationException";
constexpr std::string_view kCanceled = "TransactionCanceledException";

// Codes and texts of the reasons, in order.
std::vector<std::array<std::string, 2>> ReasonsOf(const Answer& answer) {
  const auto document = json::JsonDocument::Parse(answer.body);
  std::vector<std::array<std::string, 2>> all;
  if (!document.ok()) return all;
  const JsonValue reasons = document->root().Find("CancellationReasons");
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    all.push_back({std::string(reasons.At(i).Find("Code").AsString().value_or("")),
                   std::string(reasons.At(i).Find("Message").AsString().value_or(""))});
  }
  return all;
}

// Ours cancels for an element that does not fit its table or item.
bool OursCancelsInvalid(const Exchange& e) {
  if (e.ours.error != kCanceled) return false;
  const auto reasons = ReasonsOf(e.ours);
  return std::any_of(reasons.begin(), reasons.end(),
                     [](const auto& reason) { return reason[0] == "ValidationError"; });
}

// What it says of a request that its table, not its item, refuses.
bool IsOfTable(std::string_view text) {
  return Has(text, "This attribute is part of the key") ||
         Has(text, "Key attributes must be scalars") || Has(text, "Type mismatch for Index Key") ||
         Has(text, "update a secondary index key");
}

// In pairs of reasons, whether the first that are not alike are so in a known way.
bool SameReasonsButTexts(const Exchange& e) {
  const auto ours = ReasonsOf(e.ours);
  const auto theirs = ReasonsOf(e.theirs);
  if (ours.empty() || ours.size() != theirs.size()) return false;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (ours[i][0] != theirs[i][0]) return false;
    const std::string& one = ours[i][1];
    const std::string& two = theirs[i][1];
    if (one == two || one + "." == two || IsSameText(one, two) || TellOtherFaults(one, two))
      continue;
    return false;
  }
  return true;
}

// Theirs looks at the condition of an element that ours refuses for its table.
bool LooksAtConditionFirst(const Exchange& e) {
  if (e.ours.error == kInvalid) return e.theirs.error == kLost && IsOfTable(e.ours.message);
  const auto ours = ReasonsOf(e.ours);
  const auto theirs = ReasonsOf(e.theirs);
  bool looks = false;
  for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i) {
    if (ours[i][0] == theirs[i][0]) continue;
    if (ours[i][0] != "ValidationError" || !IsOfTable(ours[i][1])) return false;
    if (theirs[i][0] != "ConditionalCheckFailed") return false;
    looks = true;
  }
  return looks && ours.size() == theirs.size();
}

bool ProjectsAll(const Exchange& e) {
  return !Has(e.request.json, R"(-keys","FilterExpression")") &&
         !Has(e.request.json, R"(-some","FilterExpression")");
}

bool OverlapsOrConflicts(std::string_view text) {
  return Has(text, "Two document paths overlap") || Has(text, "Two document paths conflict");
}

// One that is among ours, which has a reason for each element.
bool TellsOneReasonOfTheTable(const Exchange& e) {
  const auto ours = ReasonsOf(e.ours);
  const auto theirs = ReasonsOf(e.theirs);
  return theirs.size() == 1 && ours.size() > 1 && IsOfTable(theirs.front()[1]) &&
         std::find(ours.begin(), ours.end(), theirs.front()) != ours.end();
}

// Theirs lets a check look into a key, which ours refuses.
bool LetsACheckLookIntoAKey(const Exchange& e) {
  if (!Has(e.request.json, "ConditionCheck")) return false;
  const auto ours = ReasonsOf(e.ours);
  const auto theirs = ReasonsOf(e.theirs);
  bool lets = false;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const std::string_view code = theirs.empty() ? "None" : std::string_view(theirs[i][0]);
    if (ours[i][0] == code) continue;
    if (!Has(ours[i][1], "Key attributes must be scalars")) return false;
    lets = true;
  }
  return lets && (e.theirs.error.empty() || ours.size() == theirs.size());
}

std::string_view WithoutBlank(std::string_view message) {
  const std::size_t at = message.find("near: \" ");
  return at == std::string_view::npos ? message : message.substr(at + 8);
}

std::string SortedLetters(std::string text) {
  std::sort(text.begin(), text.end());
  return text;
}

// Done, or refused for what the request says.
bool IsOfTheRequest(std::string_view error) {
  return error.empty() || error == kInvalid || error == kLost || error == kCanceled;
}

// Whether it names the table that is on neither side.
bool NamesNoTable(const Exchange& e) { return Has(e.request.json, R"("nowhere")"); }

std::vector<KnownDifference> Reads() {
  return {
      {"ends a query of a table without range key without LastEvaluatedKey",
       "a page that Limit ends has one, also when nothing follows",
       [](const Exchange& e) {
         return e.request.operation == "Query" && SameWithout(e, {"LastEvaluatedKey"}) &&
                !MemberOf(e.ours, "LastEvaluatedKey").empty() &&
                MemberOf(e.theirs, "LastEvaluatedKey").empty();
       },
       "Query",
       R"~({"TableName":"example-hash","KeyConditionExpression":"pk = :x","Limit":1,"ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
      {"starts a query again that can find one item only",
       "`The query can return at most one row and cannot be restarted`",
       [](const Exchange& e) {
         return Has(e.ours.message, "can return at most one row") && e.theirs.error.empty();
       },
       "Query",
       R"~({"TableName":"example-hash","KeyConditionExpression":"pk = :x","ExclusiveStartKey":{"pk":{"S":"x"}},"ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
      {"refuses to start behind the last place of a range",
       "an end of the range is inside it, and nothing follows",
       [](const Exchange& e) {
         return e.request.operation == "Query" && e.ours.error.empty() &&
                Has(e.request.json, "BETWEEN") &&
                Has(e.theirs.message, "starting key does not match the range key predicate");
       },
       "Query",
       R"~({"TableName":"example","KeyConditionExpression":"pk = :x AND sk BETWEEN :n AND :n","ExclusiveStartKey":{"pk":{"S":"x"},"sk":{"N":"1"}},"ExpressionAttributeValues":{":x":{"S":"x"},":n":{"N":"1"}}})~"},
      {"lets the filter of a scan of an index see attributes that are not projected",
       "an index holds what it projects",
       [](const Exchange& e) {
         return e.request.operation == "Scan" && !ProjectsAll(e) &&
                SameWithout(e, {"Items", "Count"});
       },
       "Scan",
       R"~({"TableName":"example","IndexName":"global-some","FilterExpression":"attribute_exists(z)"})~"},
  };
}

std::vector<KnownDifference> Updates() {
  return {
      {"makes an item by an update that only removes",
       "an update that only removes makes no item, whatever its paths are (2.2)",
       [](const Exchange& e) {
         const bool refuses_path =
             e.request.operation == "UpdateItem" && e.theirs.error == kInvalid &&
             Has(e.theirs.message, "document path provided in the update expression");
         return HasUpdateThatOnlyRemoves(e.request) && e.ours.error.empty() &&
                MemberOf(e.ours, "Attributes").empty() &&
                (refuses_path ||
                 SameWithout(e, {"Attributes", "ConsumedCapacity", "ItemCollectionMetrics"}));
       },
       "UpdateItem",
       R"~({"TableName":"example","Key":{"pk":{"S":"nobody"},"sk":{"N":"1"}},"UpdateExpression":"REMOVE a","ReturnValues":"ALL_NEW"})~"},
      {"looks at the condition before what the table refuses",
       "what needs no item is refused before one is read", &LooksAtConditionFirst, "UpdateItem",
       R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"REMOVE sk","ConditionExpression":"attribute_exists(q)"})~"},
      {"deletes elements of a set from an index key that the item lacks",
       "a key of an index takes no value of another type",
       [](const Exchange& e) {
         return e.request.operation == "UpdateItem" && Has(e.request.json, "DELETE ") &&
                Has(e.ours.message, "Type mismatch for Index Key") && e.theirs.error.empty();
       },
       "UpdateItem",
       R"~({"TableName":"example","Key":{"pk":{"S":"nobody"},"sk":{"N":"1"}},"UpdateExpression":"SET a = :n DELETE gk :s","ExpressionAttributeValues":{":n":{"N":"1"},":s":{"SS":["x"]}}})~"},
      {"wants what if_not_exists falls back to also where it does not",
       "the second operand counts where the first is not there",
       [](const Exchange& e) {
         return e.ours.error.empty() && Has(e.request.json, "if_not_exists(") &&
                Has(e.theirs.message, "refers to an attribute that does not exist");
       },
       "UpdateItem",
       R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET n = if_not_exists(a, q)"})~"},
  };
}

std::vector<KnownDifference> UpdatesInPlaces() {
  return {
      {"lets what an update computes into an index key of another type",
       "a key of an index takes no value of another type",
       [](const Exchange& e) {
         return e.request.operation == "UpdateItem" &&
                Has(e.request.json, R"("UpdateExpression":"SET )") &&
                Has(e.ours.message, "Type mismatch for Index Key") && e.theirs.error.empty();
       },
       "UpdateItem",
       R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET lk = z"})~"},
      {"returns of UPDATED_OLD and UPDATED_NEW the whole list of an element that is removed",
       "the element of that place alone",
       [](const Exchange& e) {
         return e.request.operation == "UpdateItem" && Has(e.request.json, "REMOVE") &&
                Has(e.request.json, "[") && Has(e.request.json, R"("ReturnValues":"UPDATED_)") &&
                SameWithout(e, {"Attributes"});
       },
       "UpdateItem",
       R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"REMOVE li[0]","ReturnValues":"UPDATED_NEW"})~"},
      {"looks at paths of an update that makes nothing, in a transaction before all conditions",
       "an update that only removes makes no item, whatever its paths are (2.2)",
       [](const Exchange& e) {
         return e.request.operation == "TransactWriteItems" &&
                HasUpdateThatOnlyRemoves(e.request) &&
                (e.ours.error.empty() || e.ours.error == kCanceled) &&
                Has(e.theirs.message, "document path provided in the update expression");
       },
       "TransactWriteItems",
       R"~({"TransactItems":[{"Update":{"TableName":"example","Key":{"pk":{"S":"nobody"},"sk":{"N":"1"}},"UpdateExpression":"REMOVE a[1]"}},{"ConditionCheck":{"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"attribute_exists(q)"}}]})~"},
      {"takes `size` for a name", "SIZE is a reserved word (appendix A)",
       [](const Exchange& e) {
         return Has(e.request.json, "size") && e.ours.error == kInvalid &&
                e.ours.message.ends_with("reserved keyword: size") &&
                IsOfTheRequest(e.theirs.error);
       },
       "GetItem",
       R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ProjectionExpression":"size"})~"},
  };
}

std::vector<KnownDifference> Transactions() {
  return {
      {"runs two elements on one item",
       "`Transaction request cannot include multiple operations on one item`",
       [](const Exchange& e) {
         return e.request.operation == "TransactWriteItems" && IsOfTheRequest(e.theirs.error) &&
                Has(e.ours.message, "multiple operations on one item");
       },
       "TransactWriteItems",
       R"~({"TransactItems":[{"Delete":{"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"attribute_exists(q)"}},{"Delete":{"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}}}}]})~"},
      {"cancels a read whose key does not fit without reasons",
       "a cancelled transaction has a reason for each element",
       [](const Exchange& e) {
         return e.request.operation == "TransactGetItems" &&
                (OursCancelsInvalid(e) || e.ours.error == kInvalid) &&
                e.theirs.error == kCanceled && ReasonsOf(e.theirs).empty();
       },
       "TransactGetItems",
       R"~({"TransactItems":[{"Get":{"TableName":"example","Key":{"pk":{"S":"x"}}}}]})~"},
      {"refuses a whole transaction for what the table or the item refuses of one element",
       "that is the reason `ValidationError` of the element (1.5)",
       [](const Exchange& e) { return OursCancelsInvalid(e) && e.theirs.error == kInvalid; },
       "TransactWriteItems",
       R"~({"TransactItems":[{"Update":{"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET z.x = a"}}]})~"},
      {"cancels with one reason alone for what the table refuses",
       "a cancelled transaction has a reason for each element", &TellsOneReasonOfTheTable,
       "TransactWriteItems",
       R"~({"TransactItems":[{"Update":{"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"REMOVE sk"}},{"Delete":{"TableName":"example","Key":{"pk":{"S":"nobody"},"sk":{"N":"1"}}}}]})~"},
      {"lets a ConditionCheck look into a key", "refused as in other conditions",
       &LetsACheckLookIntoAKey, "TransactWriteItems",
       R"~({"TransactItems":[{"ConditionCheck":{"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"attribute_not_exists(pk.x)"}}]})~"},
      {"words the reasons of a cancelled transaction in other ways", "as in the table of 1.5",
       [](const Exchange& e) {
         return e.ours.error == kCanceled && e.theirs.error == kCanceled && SameReasonsButTexts(e);
       },
       "TransactWriteItems",
       R"~({"TransactItems":[{"ConditionCheck":{"TableName":"example","Key":{"pk":{"S":"nobody"},"sk":{"N":"1"}},"ConditionExpression":"attribute_exists(q)"}}]})~"},
  };
}

bool AreBothErrors(const Exchange& e) {
  return !e.ours.error.empty() && e.ours.error == e.theirs.error;
}

std::vector<KnownDifference> Texts() {
  return {
      {"has other words for some faults", "those of the reference (known_texts.cc lists them)",
       [](const Exchange& e) {
         return AreBothErrors(e) && IsSameText(e.ours.message, e.theirs.message);
       },
       "PutItem", R"({"TableName":"example","Item":{"pk":{"S":"x"}}})"},
      {"tells another fault of a request that has several",
       "the order in which DynamoDB judges is not documented",
       [](const Exchange& e) {
         return AreBothErrors(e) && TellOtherFaults(e.ours.message, e.theirs.message);
       },
       "DeleteItem",
       R"~({"TableName":"example","Key":{"pk":{"S":"x"}},"ConditionExpression":"status = a"})~"},
      {"looks for the table before it reads expressions",
       "what is wrong by itself is refused before tables are looked for",
       [](const Exchange& e) {
         return e.ours.error == kInvalid && NamesNoTable(e) &&
                e.theirs.error == "ResourceNotFoundException";
       },
       "GetItem",
       R"~({"TableName":"nowhere","Key":{"pk":{"S":"x"}},"ProjectionExpression":"a,"})~"},
      {"goes through a batch or a transaction before it misses a table",
       "an unknown table refuses the whole call",
       [](const Exchange& e) {
         const bool has_several =
             e.request.operation.starts_with("Transact") || e.request.operation == "BatchWriteItem";
         return has_several && NamesNoTable(e) && e.ours.error == "ResourceNotFoundException" &&
                (e.theirs.error == kInvalid || e.theirs.error == kCanceled);
       },
       "TransactWriteItems",
       R"~({"TransactItems":[{"Update":{"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET z.x = a"}},{"Delete":{"TableName":"nowhere","Key":{"pk":{"S":"x"}}}}]})~"},
      {"names another of several operands of a wrong type", "the first in the text",
       [](const Exchange& e) {
         constexpr std::string_view kType = "Incorrect operand type for operator or function";
         return AreBothErrors(e) && Has(e.ours.message, kType) && Has(e.theirs.message, kType);
       },
       "UpdateItem",
       R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"ADD n :l, o :m","ExpressionAttributeValues":{":l":{"L":[]},":m":{"M":{}}}})~"},
      {"names another of several keys", "in the order of the text",
       [](const Exchange& e) {
         return AreBothErrors(e) && IsOfTable(e.ours.message) && IsOfTable(e.theirs.message);
       },
       "UpdateItem",
       R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET c = z REMOVE sk DELETE pk :s","ExpressionAttributeValues":{":s":{"SS":["x"]}}})~"},
      {"shows the blank before a first word that is wrong", "words only",
       [](const Exchange& e) {
         return AreBothErrors(e) && Has(e.theirs.message, "near: \" ") &&
                e.ours.message.ends_with(WithoutBlank(e.theirs.message));
       },
       "GetItem",
       R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ProjectionExpression":" = a"})~"},
  };
}

std::vector<KnownDifference> Details() {
  return {
      {"names the wrong one as one of two paths that overlap or conflict",
       "the two that do so are named",
       [](const Exchange& e) {
         return AreBothErrors(e) && OverlapsOrConflicts(e.ours.message) &&
                OverlapsOrConflicts(e.theirs.message);
       },
       "GetItem",
       R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ProjectionExpression":"a, b, z, b, m"})~"},
      {"lists what an index does not project in any order", "in the order of names",
       [](const Exchange& e) {
         return AreBothErrors(e) && Has(e.ours.message, " does not project ") &&
                SortedLetters(e.ours.message) == SortedLetters(e.theirs.message);
       },
       "Query",
       R"~({"TableName":"example","IndexName":"global-some","KeyConditionExpression":"gk = :x","ProjectionExpression":"z, b, q","ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
      {"shows the bounds of BETWEEN as Java holds them",
       "numbers as they are stored, binary as base64",
       [](const Exchange& e) {
         constexpr std::string_view kBounds = "; lower bound operand: ";
         const auto begin = [&](const std::string& text) {
           return text.substr(0, text.find(kBounds));
         };
         return AreBothErrors(e) && Has(e.ours.message, kBounds) &&
                begin(e.ours.message) == begin(e.theirs.message);
       },
       "Query",
       R"~({"TableName":"example","KeyConditionExpression":"pk = :x AND sk BETWEEN :y AND :z","ExpressionAttributeValues":{":x":{"S":"x"},":y":{"N":"2.0"},":z":{"N":"1"}}})~"},
  };
}

}  // namespace

const std::vector<KnownDifference>& KnownDifferences() {
  static const std::vector<KnownDifference> all = [] {
    std::vector<KnownDifference> made;
    for (auto* part : {&Texts, &Details, &Updates, &UpdatesInPlaces, &Transactions, &Reads,
                       &CapacityDifferences}) {
      for (KnownDifference& known : part()) made.push_back(known);
    }
    return made;
  }();
  return all;
}

const KnownDifference* ExplanationOf(const Exchange& exchange) {
  for (const KnownDifference& known : KnownDifferences()) {
    if (known.explains(exchange)) return &known;
  }
  return nullptr;
}

bool HasUpdateThatOnlyRemoves(const Request& request) {
  constexpr std::string_view kMember = R"("UpdateExpression":")";
  const std::string& json = request.json;
  for (std::size_t at = json.find(kMember); at != std::string::npos;
       at = json.find(kMember, at + 1)) {
    const std::size_t begin = at + kMember.size();
    const std::string text = " " + json.substr(begin, json.find('"', begin) - begin);
    if (!Has(text, " SET") && !Has(text, " ADD")) return true;
  }
  return false;
}

}  // namespace zael::differential
