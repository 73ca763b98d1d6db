#include "tests/integration/differential/comparison.h"

#include <algorithm>
#include <vector>

#include "base/format.h"
#include "json/json_document.h"
#include "json/json_writer.h"

namespace zael::differential {
namespace {

using json::JsonMember;
using json::JsonValue;
using Kind = JsonValue::Kind;

class Canonicalizer {
 public:
  Canonicalizer(bool ordered, bool capacity) : ordered_(ordered), capacity_(capacity) {}

  // `name`: of the member whose value this is.
  std::string Text(std::string_view name, const JsonValue& value) const {
    switch (value.kind()) {
      case Kind::kObject:
        return Object(name, value);
      case Kind::kArray:
        return Array(name, value);
      case Kind::kString:
        return Format("\"{}\"", String(name, *value.AsString()));
      case Kind::kNumber:
        return Format("{}", *value.AsDouble());
      case Kind::kBool:
        return *value.AsBool() ? "true" : "false";
      default:
        return "null";
    }
  }

 private:
  static bool IsSet(std::string_view name) { return name == "SS" || name == "NS" || name == "BS"; }

  static std::string String(std::string_view name, std::string_view text) {
    if (name != "N" && name != "NS") return std::string(text);
    const auto number = Number::Parse(text);
    return number.ok() ? number->ToText() : std::string(text);
  }

  std::string Object(std::string_view parent, const JsonValue& value) const {
    std::vector<std::string> members;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const JsonMember member = value.Member(i);
      // Only transactions have these, and not every server tells them.
      if (member.name == "ReadCapacityUnits" || member.name == "WriteCapacityUnits") continue;
      if (!capacity_ && member.name == "ConsumedCapacity") continue;
      // The lists of a batch are the members of Responses.
      const bool batch = parent == "Responses" && member.value.Is(Kind::kArray);
      members.push_back(
          Format("\"{}\":{}", member.name, Text(batch ? "Items" : member.name, member.value)));
    }
    return Joined("{", std::move(members), true, "}");
  }

  std::string Array(std::string_view name, const JsonValue& value) const {
    std::vector<std::string> elements;
    for (std::size_t i = 0; i < value.size(); ++i) elements.push_back(Text(name, value.At(i)));
    return Joined("[", std::move(elements), IsSet(name) || (!ordered_ && name == "Items"), "]");
  }

  static std::string Joined(std::string_view begin, std::vector<std::string> parts, bool sorted,
                            std::string_view end) {
    if (sorted) std::sort(parts.begin(), parts.end());
    std::string text(begin);
    for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : ",") + parts[i];
    return text.append(end);
  }

  const bool ordered_;
  const bool capacity_;
};

std::string CanonicalBody(const std::string& body, bool ordered, bool capacity) {
  const auto document = json::JsonDocument::Parse(body);
  if (!document.ok()) return body;
  return Canonicalizer(ordered, capacity).Text("", document->root());
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The names in Attributes of an answer.
std::vector<std::string> ReturnedNames(const std::string& body) {
  const auto document = json::JsonDocument::Parse(body);
  std::vector<std::string> names;
  if (!document.ok()) return names;
  const JsonValue attributes = document->root().Find("Attributes");
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    names.emplace_back(attributes.Member(i).name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

constexpr std::string_view kLost = "ConditionalCheckFailedException";
constexpr std::string_view kInvalid = "ValidationException";
constexpr std::string_view kCanceled = "TransactionCanceledException";
constexpr std::string_view kMakesNothing = "an update that only removes makes no item of nothing";

// Whether the update adds nothing: SET and ADD are the sections that make an item.
bool OnlyRemoves(const Request& request) {
  return request.operation == "UpdateItem" &&
         !Contains(request.json, R"("UpdateExpression":"SET )") &&
         !Contains(request.json, R"("UpdateExpression":"ADD )") && !Contains(request.json, " ADD ");
}

// Whether a condition may hang on how absent attributes compare: something is negated, or a
// comparison has no value on its right.
bool ComparesTheAbsent(const Request& request) {
  if (Contains(request.json, "NOT ") || Contains(request.json, "<>")) return true;
  for (const std::string_view sign : {"=", "<", ">", "AND ", ", "}) {
    for (std::size_t at = request.json.find(sign); at != std::string::npos;
         at = request.json.find(sign, at + 1)) {
      const std::size_t right = request.json.find_first_not_of("( ", at + sign.size());
      if (request.json[right] != ':') return true;
    }
  }
  return false;
}

// Whether the answer depends on the item at all: done, lost, or refused for what the item holds.
bool DependsOnItem(const Answer& answer) {
  return answer.error.empty() || answer.error == kLost ||
         Contains(answer.message, "The provided expression refers") ||
         Contains(answer.message, "An operand in the update") ||
         Contains(answer.message, "The document path provided");
}

std::string_view OfTransactions(const Request& request, const Answer& ours, const Answer& theirs) {
  if (!request.operation.starts_with("Transact")) return {};
  if (theirs.error == "UnknownOperationException") return "dynalite has no transactions";
  if (ours.error == kCanceled && theirs.error == kInvalid) {
    return "in a transaction what the item refuses is the reason of its element";
  }
  return {};
}

// Of what dynalite, whose knowledge ends before some of DynamoDB's rules begin, lets pass. That
// ours are DynamoDB's follows from Amazon's documentation and the recorded answers.
std::string_view OfLaterRules(const Answer& ours, const Answer& theirs) {
  if (ours.error != kInvalid || theirs.error == kInvalid) return {};
  if (Contains(ours.message, "more than 38 significant digits")) {
    return "dynalite rounds sums past 38 digits";
  }
  if (Contains(ours.message, "The AttributeValue for a key attribute cannot contain an empty")) {
    return "dynalite takes empty keys";
  }
  if (Contains(ours.message, "cannot be restarted")) {
    return "dynalite restarts a query that can find one item only";
  }
  if (Contains(ours.message, "Key attributes must be scalars")) {
    return "dynalite lets conditions look into keys";
  }
  if (Contains(ours.message, "does not project one or more filter attributes")) {
    return "dynalite filters by what an index does not project";
  }
  if (Contains(ours.message, "must be distinct from the remaining")) {
    return "dynalite lets BETWEEN and functions repeat their first operand";
  }
  return {};
}

// Whether the name of a section is followed by a placeholder at once: `REMOVE#n`.
bool WordMeetsSign(const Request& request) {
  for (const std::string_view word : {"SET#", "REMOVE#", "ADD#", "DELETE#"}) {
    if (Contains(request.json, word)) return true;
  }
  return false;
}

std::string_view OfExpressions(const Request& request, const Answer& ours, const Answer& theirs) {
  if (Contains(ours.message, "reserved keyword: size")) return "`size` is a reserved word";
  if (Contains(ours.message, "Incorrect operand type") && theirs.error != kInvalid) {
    return "dynalite compares what has no order";
  }
  if (Contains(ours.message, R"(token: "_")")) return "dynalite lets names begin with _";
  if (Contains(theirs.message, "Syntax error; Expected") && WordMeetsSign(request)) {
    return "dynalite wants a blank after a section's word";
  }
  if (Contains(request.json, "NOT NOT")) return "dynalite knows no NOT of a NOT";
  if (Contains(ours.message, "only the Count")) return "dynalite projects what is only counted";
  if (!DependsOnItem(ours) || !DependsOnItem(theirs)) return {};
  if (ComparesTheAbsent(request)) return "dynalite compares absent attributes in its own way";
  if (Contains(request.json, "contains(") || Contains(request.json, " IN (")) {
    return "dynalite finds no set, list or map among others";
  }
  if (Contains(request.json, "attribute_type(")) return "dynalite gives an empty string no type";
  return {};
}

std::string_view DifferentErrors(const Request& request, const Answer& ours, const Answer& theirs) {
  if (theirs.error == "InternalFailure") return "the other server fails by itself";
  if (const auto reason = OfLaterRules(ours, theirs); !reason.empty()) return reason;
  for (const auto& judge : {&OfTransactions, &OfExpressions}) {
    if (const auto reason = judge(request, ours, theirs); !reason.empty()) return reason;
  }
  if (Contains(ours.message, "contains duplicates")) return "1 and 1.0 are the same key";
  if (OnlyRemoves(request) && ours.error.empty() && theirs.error == kInvalid) {
    return kMakesNothing;
  }
  if (request.operation == "UpdateItem" && ours.error == kLost && theirs.error == kInvalid) {
    return "DynamoDB judges the condition before it makes the update";
  }
  return {};
}

}  // namespace

std::string Canonical(const std::string& body, bool ordered) {
  return CanonicalBody(body, ordered, true);
}

bool Same(const Request& request, const Answer& ours, const Answer& theirs) {
  if (ours.error != theirs.error) return false;
  if (ours.error == kInvalid) return true;
  if (!ours.error.empty()) {
    const auto members = [&](const Answer& answer) {
      const auto document = json::JsonDocument::Parse(answer.body);
      if (!document.ok()) return std::string();
      const JsonValue reasons = document->root().Find("CancellationReasons");
      std::string codes;
      for (std::size_t i = 0; i < reasons.size(); ++i) {
        codes += std::string(reasons.At(i).Find("Code").AsString().value_or("")) + " ";
      }
      return codes + Canonicalizer(true, true).Text("", document->root().Find("Item"));
    };
    return members(ours) == members(theirs);
  }
  return Canonical(ours.body, request.ordered) == Canonical(theirs.body, request.ordered);
}

std::string_view KnownDifference(const Request& request, const Answer& ours, const Answer& theirs) {
  if (ours.error != theirs.error) return DifferentErrors(request, ours, theirs);
  if (ours.error == kLost && Contains(ours.body, R"("Item":)")) {
    return "dynalite returns no item of a failed condition";
  }
  if (!ours.error.empty()) return {};
  if (OnlyRemoves(request) && !Contains(ours.body, "Attributes")) return kMakesNothing;
  if (!request.table->indexes.empty() && CanonicalBody(ours.body, request.ordered, false) ==
                                             CanonicalBody(theirs.body, request.ordered, false)) {
    return "dynalite counts no indexes";
  }
  if (const auto reason = OfExpressions(request, ours, theirs); !reason.empty()) return reason;
  if (request.operation == "UpdateItem" && Contains(request.json, R"("ReturnValues":"UPDATED_)") &&
      ReturnedNames(ours.body) == ReturnedNames(theirs.body)) {
    return "UPDATED_OLD and UPDATED_NEW return of a nested path its leaf alone";
  }
  return {};
}

}  // namespace zael::differential
