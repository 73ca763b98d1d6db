#include "dynamo/number_text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <system_error>

#include "base/format.h"

namespace zael::dynamo {
namespace {

constexpr long kMaxLeadingExponent = 125;
constexpr long kMinLeadingExponent = -130;
constexpr long kFarAway = 1'000'000'000;  // beyond both, and sums of two cannot overflow

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view TakeDigits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), IsDigit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

void TakeSign(std::string_view& text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
}

// [+-] digits [. digits] [e [+-] digits], taken apart.
struct Decimal {
  std::string_view whole, fraction, exponent_digits;
  bool negative_exponent = false;

  long exponent() const {
    long value = 0;
    const auto end = exponent_digits.data() + exponent_digits.size();
    const auto parsed = std::from_chars(exponent_digits.data(), end, value);
    if (parsed.ec != std::errc() && !exponent_digits.empty()) value = kFarAway;
    value = std::min(value, kFarAway);
    return negative_exponent ? -value : value;
  }
};

bool TakeApart(std::string_view text, Decimal& decimal) {
  TakeSign(text);
  decimal.whole = TakeDigits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    decimal.fraction = TakeDigits(text);
  }
  if (decimal.whole.empty() && decimal.fraction.empty()) return false;
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  decimal.negative_exponent = !text.empty() && text.front() == '-';
  TakeSign(text);
  decimal.exponent_digits = TakeDigits(text);
  return !decimal.exponent_digits.empty() && text.empty();
}

// Of the first digit that is not zero. Requires: there is one.
long LeadingExponent(const Decimal& decimal) {
  const std::size_t in_whole = decimal.whole.find_first_not_of('0');
  const long exponent = decimal.exponent();
  if (in_whole != std::string_view::npos) {
    return exponent + static_cast<long>(decimal.whole.size() - in_whole) - 1;
  }
  return exponent - static_cast<long>(decimal.fraction.find_first_not_of('0')) - 1;
}

Error Refuse(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

Error NotNumeric(std::string_view text) {
  if (text.empty()) return Refuse("The parameter cannot be converted to a numeric value");
  return Refuse(Format("The parameter cannot be converted to a numeric value: {}", text));
}

Error WhatIsWrong(std::string_view text) {
  Decimal decimal;
  if (!TakeApart(text, decimal)) return NotNumeric(text);
  const bool zero = decimal.whole.find_first_not_of('0') == std::string_view::npos &&
                    decimal.fraction.find_first_not_of('0') == std::string_view::npos;
  if (zero) return NotNumeric(text);  // longer than any text Number takes
  const long leading = LeadingExponent(decimal);
  if (leading > kMaxLeadingExponent) {
    return Refuse(
        "Number overflow. Attempting to store a number with magnitude larger than supported range");
  }
  if (leading < kMinLeadingExponent) {
    return Refuse(
        "Number underflow. Attempting to store a number with magnitude smaller than supported "
        "range");
  }
  return Refuse("Attempting to store more than 38 significant digits in a Number");
}

}  // namespace

Result<Number> ReadNumber(std::string_view text) {
  Result<Number> number = Number::Parse(text);
  if (!number.ok()) return WhatIsWrong(text);
  return number;
}

}  // namespace zael::dynamo
