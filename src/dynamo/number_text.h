// NumberText: DynamoDB's numbers as text, with its words for what is wrong with one.
//
// The store's Number says that a text is no number it can keep; here stands which of DynamoDB's
// four answers that is. Pure functions. Facts: dynamodb-api.md 1.3, 2.4.
#pragma once

#include <zael/result.h>
#include <zael/value.h>

#include <string_view>

namespace zael::dynamo {

// Errors: kInvalidArgument; the message is that of DynamoDB's ValidationException.
Result<Number> ReadNumber(std::string_view text);

}  // namespace zael::dynamo
