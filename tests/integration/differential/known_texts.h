// Texts of errors: which the endpoint is known to say, and what DynamoDB Local says instead.
//
// Each has an example: a request with this one fault. Pure functions.
#pragma once

#include <string_view>
#include <vector>

namespace zael::differential {

// `*` in a pattern stands for anything.
struct KnownText {
  std::string_view ours;
  std::string_view local;  // empty: the same
  std::string_view operation;
  std::string_view request;
};

const std::vector<KnownText>& KnownTexts();

// Whether a text with another wording on DynamoDB Local's side says these two things.
bool IsSameText(std::string_view ours, std::string_view local);

// Whether both are known and tell of different faults, of a request that has several.
bool TellOtherFaults(std::string_view ours, std::string_view local);

bool Matches(std::string_view text, std::string_view pattern);

}  // namespace zael::differential
