// Comparison: whether two services answered the same.
//
// Same means the same JSON but for what has no order (members, sets, items of a scan). Of errors:
// the same code and the same text. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/json_document.h"
#include "tests/integration/differential/random_requests.h"
#include "tests/integration/differential/service.h"

namespace zael::differential {

// The body as one text: members sorted, sets sorted, numbers in one form, items sorted unless they
// have an order.
std::string Canonical(const std::string& body, bool ordered);

// As Canonical, without members of these names.
std::string CanonicalWithout(const std::string& body, bool ordered,
                             const std::vector<std::string_view>& names);

// A value as it was parsed. Only for keys and items, which hold nothing but objects, lists, texts
// and booleans.
std::string Written(const json::JsonValue& value);

bool Same(const Request& request, const Answer& ours, const Answer& theirs);

}  // namespace zael::differential
