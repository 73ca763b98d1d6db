#include "tests/integration/differential/comparison.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/format.h"
#include "json/json_document.h"

namespace zael::differential {
namespace {

using json::JsonMember;
using json::JsonValue;
using Kind = JsonValue::Kind;

class Canonicalizer {
 public:
  Canonicalizer(bool ordered, std::vector<std::string_view> without)
      : ordered_(ordered), without_(std::move(without)) {}

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
      if (std::find(without_.begin(), without_.end(), member.name) != without_.end()) continue;
      // The lists of a batch are the members of Responses.
      const bool batch = parent == "Responses" && member.value.Is(Kind::kArray);
      members.push_back(
          Format("\"{}\":{}", member.name, Text(batch ? "Items" : member.name, member.value)));
    }
    return Joined("{", std::move(members), true, "}");
  }

  // Tables have no order in what was consumed, items none in most reads.
  bool HasOrder(std::string_view name) const {
    return !IsSet(name) && name != "ConsumedCapacity" && (ordered_ || name != "Items");
  }

  std::string Array(std::string_view name, const JsonValue& value) const {
    std::vector<std::string> elements;
    for (std::size_t i = 0; i < value.size(); ++i) elements.push_back(Text(name, value.At(i)));
    return Joined("[", std::move(elements), !HasOrder(name), "]");
  }

  static std::string Joined(std::string_view begin, std::vector<std::string> parts, bool sorted,
                            std::string_view end) {
    if (sorted) std::sort(parts.begin(), parts.end());
    std::string text(begin);
    for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : ",") + parts[i];
    return text.append(end);
  }

  const bool ordered_;
  const std::vector<std::string_view> without_;
};

// What an error carries beside its code and its text.
std::string Carried(const Answer& answer) {
  const auto document = json::JsonDocument::Parse(answer.body);
  if (!document.ok()) return answer.body;
  const Canonicalizer canonicalizer(true, {});
  std::string carried;
  for (const std::string_view name : {"Item", "CancellationReasons"}) {
    carried += canonicalizer.Text(name, document->root().Find(name));
  }
  return carried;
}

}  // namespace

std::string CanonicalWithout(const std::string& body, bool ordered,
                             const std::vector<std::string_view>& names) {
  const auto document = json::JsonDocument::Parse(body);
  if (!document.ok()) return body;
  return Canonicalizer(ordered, names).Text("", document->root());
}

std::string Canonical(const std::string& body, bool ordered) {
  return CanonicalWithout(body, ordered, {});
}

std::string Written(const JsonValue& value) {
  if (const auto text = value.AsString()) return "\"" + std::string(*text) + "\"";
  if (const auto flag = value.AsBool()) return *flag ? "true" : "false";
  std::string text;
  if (value.Is(Kind::kArray)) {
    for (std::size_t i = 0; i < value.size(); ++i) text += (i ? "," : "") + Written(value.At(i));
    return "[" + text + "]";
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const JsonMember member = value.Member(i);
    text += (i ? ",\"" : "\"") + std::string(member.name) + "\":" + Written(member.value);
  }
  return "{" + text + "}";
}

bool Same(const Request& request, const Answer& ours, const Answer& theirs) {
  if (ours.error != theirs.error || ours.message != theirs.message) return false;
  if (!ours.error.empty()) return Carried(ours) == Carried(theirs);
  return Canonical(ours.body, request.ordered) == Canonical(theirs.body, request.ordered);
}

}  // namespace zael::differential
