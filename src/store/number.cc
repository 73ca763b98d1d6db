// Exact decimals. Canonical form: an integer that fits 64 bits has exponent 0; every other number
// has no trailing zero in its coefficient. One number has one form, so equality compares the parts.

#include <zael/value.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/format.h"
#include "base/text.h"

namespace zael {
namespace {

using Wide = __int128;
using UnsignedWide = unsigned __int128;

constexpr int kMaxDigits = 38;
// Of the first digit: magnitudes run from 1e-130 to 9.99...e125.
constexpr int kMinLeadingExponent = -130;
constexpr int kMaxLeadingExponent = 125;

constexpr std::array<UnsignedWide, kMaxDigits + 1> MakePowers() {
  std::array<UnsignedWide, kMaxDigits + 1> powers{};
  UnsignedWide power = 1;
  for (auto& entry : powers) {
    entry = power;
    power *= 10;
  }
  return powers;
}
constexpr auto kPowers = MakePowers();

UnsignedWide Magnitude(Wide value) {
  return value < 0 ? -static_cast<UnsignedWide>(value) : static_cast<UnsignedWide>(value);
}

// Of a non-zero magnitude; 39 when it is beyond 38 digits.
int CountDigits(UnsignedWide magnitude) {
  int digits = 1;
  while (digits <= kMaxDigits && magnitude >= kPowers[digits]) ++digits;
  return digits;
}

bool FitsInt64(Wide value) {
  return value >= std::numeric_limits<std::int64_t>::min() &&
         value <= std::numeric_limits<std::int64_t>::max();
}

void StripZeros(UnsignedWide& magnitude, int& exponent) {
  while (magnitude % 10 == 0) {
    magnitude /= 10;
    ++exponent;
  }
}

Error TooPrecise(const char* what) {
  return {ErrorCode::kInvalidArgument,
          Format("{}: the result needs more than {} significant digits", what, kMaxDigits)};
}

struct Parts {
  Wide coefficient = 0;
  int exponent = 0;
};

Result<Parts> Canonical(bool negative, UnsignedWide magnitude, int exponent, const char* what) {
  if (magnitude == 0) return Parts{};
  // Far out of range either way; keeps the sums below from overflowing.
  exponent = std::clamp(exponent, -10000, 10000);
  StripZeros(magnitude, exponent);
  const int digits = CountDigits(magnitude);
  if (digits > kMaxDigits) return TooPrecise(what);
  const int leading = exponent + digits - 1;
  if (leading > kMaxLeadingExponent || leading < kMinLeadingExponent) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("{}: the magnitude is outside 1E-130 to 9.99E+125", what));
  }
  if (exponent > 0 && leading < 19) {
    const UnsignedWide expanded = magnitude * kPowers[exponent];
    if (FitsInt64(negative ? -static_cast<Wide>(expanded) : static_cast<Wide>(expanded))) {
      magnitude = expanded;
      exponent = 0;
    }
  }
  const Wide coefficient = negative ? -static_cast<Wide>(magnitude) : static_cast<Wide>(magnitude);
  return Parts{coefficient, exponent};
}

// Collects the digits of a decimal text; zeros that carry no value never count.
class DigitCollector {
 public:
  // False when the value has more than 38 significant digits.
  bool Take(char digit, bool fraction) {
    if (fraction) ++fraction_digits_;
    if (digit == '0') {
      if (magnitude_ != 0) ++pending_zeros_;
      return true;
    }
    const int needed = pending_zeros_ + 1;
    if (significant_ + needed > kMaxDigits) return false;
    magnitude_ = magnitude_ * kPowers[needed] + static_cast<unsigned>(digit - '0');
    significant_ += needed;
    pending_zeros_ = 0;
    return true;
  }
  UnsignedWide magnitude() const { return magnitude_; }
  int exponent() const { return pending_zeros_ - fraction_digits_; }

 private:
  UnsignedWide magnitude_ = 0;
  int significant_ = 0;
  int pending_zeros_ = 0;
  int fraction_digits_ = 0;
};

Error NotANumber(std::string_view text) {
  return {ErrorCode::kInvalidArgument,
          Format("parse number {}: not a decimal number", Shorten(text))};
}

constexpr std::size_t kMaxNumberText = 400;

Result<Parts> ParseParts(std::string_view text) {
  if (text.size() > kMaxNumberText) return NotANumber(text);
  std::size_t at = 0;
  bool negative = false;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) negative = text[at++] == '-';
  DigitCollector digits;
  bool any = false;
  bool fraction = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    any = true;
    if (!digits.Take(c, fraction)) return TooPrecise("parse number");
  }
  if (!any) return NotANumber(text);
  int exponent = 0;
  if (at < text.size()) {
    if (text[at] != 'e' && text[at] != 'E') return NotANumber(text);
    ++at;
    if (at + 1 < text.size() && text[at] == '+' && text[at + 1] != '-') ++at;
    const auto [end, problem] =
        std::from_chars(text.data() + at, text.data() + text.size(), exponent);
    if (problem != std::errc() || end != text.data() + text.size()) return NotANumber(text);
    exponent = std::clamp(exponent, -100000, 100000);
  }
  return Canonical(negative, digits.magnitude(), digits.exponent() + exponent, "parse number");
}

// Both non-zero and not both small integers.
Result<Parts> AddParts(Parts left, Parts right, const char* what) {
  UnsignedWide high = Magnitude(left.coefficient);
  UnsignedWide low = Magnitude(right.coefficient);
  bool high_negative = left.coefficient < 0;
  bool low_negative = right.coefficient < 0;
  StripZeros(high, left.exponent);
  StripZeros(low, right.exponent);
  if (left.exponent < right.exponent) {
    std::swap(left.exponent, right.exponent);
    std::swap(high, low);
    std::swap(high_negative, low_negative);
  }
  // The last digit of the low one is not zero, so a sum that cannot be held in 128 bits has too
  // many digits.
  const int shift = left.exponent - right.exponent;
  if (shift > kMaxDigits || __builtin_mul_overflow(high, kPowers[shift], &high))
    return TooPrecise(what);
  UnsignedWide magnitude = 0;
  if (high_negative == low_negative) {
    if (__builtin_add_overflow(high, low, &magnitude)) return TooPrecise(what);
    return Canonical(high_negative, magnitude, right.exponent, what);
  }
  if (high >= low) return Canonical(high_negative, high - low, right.exponent, what);
  return Canonical(low_negative, low - high, right.exponent, what);
}

std::string DigitsOf(UnsignedWide magnitude) {
  std::array<char, kMaxDigits + 1> buffer{};
  std::size_t at = buffer.size();
  do {
    buffer[--at] = static_cast<char>('0' + static_cast<int>(magnitude % 10));
    magnitude /= 10;
  } while (magnitude != 0);
  return {buffer.data() + at, buffer.size() - at};
}

}  // namespace

Result<Number> Number::FromParts(__int128 coefficient, int exponent) {
  if (exponent == 0 && FitsInt64(coefficient))
    return Number(static_cast<std::int64_t>(coefficient));
  auto parts = Canonical(coefficient < 0, Magnitude(coefficient), exponent, "make number");
  if (!parts.ok()) return parts.error();
  Number number;
  number.coefficient_ = parts->coefficient;
  number.exponent_ = parts->exponent;
  return number;
}

Result<Number> Number::Parse(std::string_view text) {
  std::int64_t plain = 0;
  const char* const end = text.data() + text.size();
  if (const auto parsed = std::from_chars(text.data(), end, plain);
      parsed.ec == std::errc() && parsed.ptr == end) {
    return Number(plain);
  }
  auto parts = ParseParts(text);
  if (!parts.ok()) return parts.error();
  Number number;
  number.coefficient_ = parts->coefficient;
  number.exponent_ = parts->exponent;
  return number;
}

std::string Number::ToText() const {
  if (exponent_ == 0 && FitsInt64(coefficient_)) {
    std::array<char, 24> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                       static_cast<std::int64_t>(coefficient_));
    return {buffer.data(), written.ptr};
  }
  const std::string sign = coefficient_ < 0 ? "-" : "";
  const std::string digits = DigitsOf(Magnitude(coefficient_));
  const int point = static_cast<int>(digits.size()) + exponent_;  // digits before the decimal point
  constexpr int kPlainDigits = 40;
  if (exponent_ >= 0 && point <= kPlainDigits) {
    return sign + digits + std::string(static_cast<std::size_t>(exponent_), '0');
  }
  if (exponent_ < 0 && point > 0) {
    const auto whole = static_cast<std::size_t>(point);
    return sign + Format("{}.{}", digits.substr(0, whole), digits.substr(whole));
  }
  if (exponent_ < 0 && -exponent_ <= kPlainDigits) {
    return sign + Format("0.{}{}", std::string(static_cast<std::size_t>(-point), '0'), digits);
  }
  const std::string fraction = digits.size() > 1 ? Format(".{}", digits.substr(1)) : "";
  return sign + Format("{}{}E{:+}", digits[0], fraction, point - 1);
}

std::optional<std::int64_t> Number::ToInt64() const {
  if (exponent_ != 0 || !FitsInt64(coefficient_)) return std::nullopt;
  return static_cast<std::int64_t>(coefficient_);
}

Result<Number> Number::Add(const Number& left, const Number& right) {
  if (left.exponent_ == 0 && right.exponent_ == 0) {
    const Wide sum =
        left.coefficient_ / 2 + right.coefficient_ / 2;  // cannot overflow: judges the range
    if (FitsInt64(sum)) return FromParts(left.coefficient_ + right.coefficient_, 0);
  }
  if (left.coefficient_ == 0) return right;
  if (right.coefficient_ == 0) return left;
  auto parts = AddParts({left.coefficient_, left.exponent_}, {right.coefficient_, right.exponent_},
                        "add numbers");
  if (!parts.ok()) return parts.error();
  Number number;
  number.coefficient_ = parts->coefficient;
  number.exponent_ = parts->exponent;
  return number;
}

Result<Number> Number::Subtract(const Number& left, const Number& right) {
  // The smallest int64 negated is no int64 any more: FromParts keeps the form canonical.
  auto negated = FromParts(-right.coefficient_, right.exponent_);
  if (!negated.ok()) return negated.error();
  return Add(left, *negated);
}

std::strong_ordering operator<=>(const Number& left, const Number& right) {
  if (left.exponent_ == right.exponent_) return left.coefficient_ <=> right.coefficient_;
  const auto sign = [](const Number& n) {
    return n.coefficient_ == 0 ? 0 : n.coefficient_ < 0 ? -1 : 1;
  };
  if (sign(left) != sign(right) || sign(left) == 0) return sign(left) <=> sign(right);
  UnsignedWide a = Magnitude(left.coefficient_);
  UnsignedWide b = Magnitude(right.coefficient_);
  const int a_leading = CountDigits(a) + left.exponent_;
  const int b_leading = CountDigits(b) + right.exponent_;
  auto order = a_leading <=> b_leading;
  if (order == 0) {
    // The same place of the first digit: the shift never passes 38 digits.
    if (left.exponent_ > right.exponent_) a *= kPowers[left.exponent_ - right.exponent_];
    if (right.exponent_ > left.exponent_) b *= kPowers[right.exponent_ - left.exponent_];
    order = a <=> b;
  }
  return sign(left) < 0 ? 0 <=> order : order;
}

}  // namespace zael
