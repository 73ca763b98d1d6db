// Base64 of RFC 4648 with padding, as DynamoDB's JSON carries binary values. Pure functions.
#pragma once

#include <zael/result.h>

#include <string>
#include <string_view>

namespace zael {

std::string EncodeBase64(std::string_view bytes);

// Only the one text that EncodeBase64 makes of some bytes is taken. Errors: kInvalidArgument with
// the text DynamoDB answers to the same mistake.
Result<std::string> DecodeBase64(std::string_view text);

}  // namespace zael
