#include "tests/integration/differential/exchange_facts.h"

#include "json/json_document.h"
#include "tests/integration/differential/comparison.h"

namespace zael::differential {

using json::JsonValue;

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool IsDone(const Exchange& e) { return e.ours.error.empty() && e.theirs.error.empty(); }

bool SameWithout(const Exchange& e, const std::vector<std::string_view>& names) {
  return IsDone(e) && CanonicalWithout(e.ours.body, e.request.ordered, names) ==
                          CanonicalWithout(e.theirs.body, e.request.ordered, names);
}

std::string MemberOf(const Answer& answer, std::string_view name) {
  const auto document = json::JsonDocument::Parse(answer.body);
  if (!document.ok()) return {};
  const JsonValue member = document->root().Find(name);
  return member.size() == 0 ? std::string() : Written(member);
}

}  // namespace zael::differential
