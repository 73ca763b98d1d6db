// Key conditions: what a KeyConditionExpression, or legacy KeyConditions, may say, and what that is
// for a table or an index.
//
// In two steps, because DynamoDB refuses what is wrong by itself before it looks for the table.
// Pure functions. Facts: dynamodb-api.md 1.6, 2.3.
#pragma once

#include <zael/store.h>

#include <optional>
#include <string_view>
#include <vector>

#include "endpoint/api_error.h"

namespace zael::endpoint {

// One condition on one attribute: a comparison with the path on the left, Between or BeginsWith,
// all with values.
struct KeyPart {
  Path path;
  Condition condition;
};

// Errors: ValidationException.
ApiResult<std::vector<KeyPart>> ReadKeyParts(const Condition& condition);

struct KeyRange {
  Value hash;
  std::optional<Condition> range;
};

// Errors: ValidationException.
ApiResult<KeyRange> FitKeyParts(const std::vector<KeyPart>& parts, const KeySchema& schema);

}  // namespace zael::endpoint
