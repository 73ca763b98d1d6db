// Facts about an exchange that several known differences ask for. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/differential/known_differences.h"

namespace zael::differential {

bool Has(std::string_view text, std::string_view part);

bool IsDone(const Exchange& e);

// Both done, and the same but for members of these names.
bool SameWithout(const Exchange& e, const std::vector<std::string_view>& names);

// The member of a body as one text; empty without it.
std::string MemberOf(const Answer& answer, std::string_view name);

}  // namespace zael::differential
