// Comparison: whether two services answered the same, and which differences are known.
//
// Same means the same JSON but for what has no order (members, sets, items of a scan) and for the
// texts of errors. Where another server is known to differ from DynamoDB the reason is named;
// everything else is a fault of ours. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "tests/integration/differential/random_requests.h"
#include "tests/integration/differential/service.h"

namespace zael::differential {

// The body as one text: members sorted, sets sorted, numbers in one form, items sorted unless they
// have an order.
std::string Canonical(const std::string& body, bool ordered);

bool Same(const Request& request, const Answer& ours, const Answer& theirs);

// Why answers that are not the same are right; empty: no reason is known.
std::string_view KnownDifference(const Request& request, const Answer& ours, const Answer& theirs);

}  // namespace zael::differential
