// Expiry: when temporary credentials end, as services and programs write it.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <string_view>

namespace zael::aws {

// ISO 8601: `2026-01-31T23:59:59Z`, with fractions of a second (cut off) or an offset, `+02:00`,
// instead of Z. Errors: kInvalidArgument.
Result<WallTime> ParseExpiry(std::string_view text);

}  // namespace zael::aws
