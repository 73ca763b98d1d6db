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
  explicit Canonicalizer(bool ordered) : ordered_(ordered) {}

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
      // Only transactions have these, and DynamoDB Local leaves them out.
      if (member.name == "ReadCapacityUnits" || member.name == "WriteCapacityUnits") continue;
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
};

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

std::string_view DifferentErrors(const Request& request, const Answer& ours, const Answer& theirs) {
  if (theirs.error == "InternalFailure") return "DynamoDB Local fails by itself";
  if (request.operation == "UpdateItem" && ours.error == kLost && theirs.error == kInvalid) {
    return "DynamoDB judges the condition before it makes the update";
  }
  const bool transacts = request.operation.starts_with("Transact");
  if (transacts && ours.error == kCanceled && theirs.error == kInvalid) {
    return "in a transaction what the item refuses is the reason of its element";
  }
  return {};
}

}  // namespace

std::string Canonical(const std::string& body, bool ordered) {
  const auto document = json::JsonDocument::Parse(body);
  if (!document.ok()) return body;
  return Canonicalizer(ordered).Text("", document->root());
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
      return codes + Canonicalizer(true).Text("", document->root().Find("Item"));
    };
    return members(ours) == members(theirs);
  }
  return Canonical(ours.body, request.ordered) == Canonical(theirs.body, request.ordered);
}

std::string_view KnownDifference(const Request& request, const Answer& ours, const Answer& theirs) {
  if (ours.error != theirs.error) return DifferentErrors(request, ours, theirs);
  if (!ours.error.empty()) return {};
  if (request.operation == "UpdateItem" && Contains(request.json, R"("ReturnValues":"UPDATED_)") &&
      ReturnedNames(ours.body) == ReturnedNames(theirs.body)) {
    return "UPDATED_OLD and UPDATED_NEW return of a nested path its leaf alone";
  }
  return {};
}

}  // namespace zael::differential
