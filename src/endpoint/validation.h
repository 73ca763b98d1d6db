// What the parts of the endpoint that validate requests share.
#pragma once

#include <zael/result.h>
#include <zael/store.h>

#include <string>
#include <string_view>
#include <utility>

namespace zael::endpoint {

// How many of DynamoDB's messages begin.
inline constexpr std::string_view kInvalidValues = "One or more parameter values were invalid: ";

// Becomes a ValidationException with this message.
inline Error Invalid(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}

inline bool IsKeyOf(const KeySchema& schema, std::string_view name) {
  return name == schema.hash.name || (schema.range.has_value() && name == schema.range->name);
}

}  // namespace zael::endpoint
