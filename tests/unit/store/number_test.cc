#include <gtest/gtest.h>
#include <zael/value.h>

#include <limits>

#include "base/random.h"

namespace zael {
namespace {

Number Parsed(std::string_view text) {
  auto number = Number::Parse(text);
  EXPECT_TRUE(number.ok()) << text;
  return number.ok() ? *number : Number();
}
std::string Sum(std::string_view a, std::string_view b) {
  auto sum = Number::Add(Parsed(a), Parsed(b));
  return sum.ok() ? sum->ToText() : "error";
}
std::string Difference(std::string_view a, std::string_view b) {
  auto difference = Number::Subtract(Parsed(a), Parsed(b));
  return difference.ok() ? difference->ToText() : "error";
}

TEST(Number, TextComesBackInItsShortestForm) {
  const std::pair<const char*, const char*> cases[] = {
      {"0", "0"},
      {"-0", "0"},
      {"0.000", "0"},
      {"007", "7"},
      {"1.50", "1.5"},
      {"-.5", "-0.5"},
      {"+3", "3"},
      {"1e3", "1000"},
      {"1E+3", "1000"},
      {"12e-1", "1.2"},
      {"100", "100"},
      {"1e20", "100000000000000000000"},
      {"0.001", "0.001"},
      {"1e-20", "0.00000000000000000001"},
      {"1e125", "1E+125"},
      {"-12e-100", "-1.2E-99"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"9223372036854775808", "9223372036854775808"}};
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(Parsed(text).ToText(), expected);
    EXPECT_EQ(Parsed(Parsed(text).ToText()), Parsed(text));
  }
}

TEST(Number, WhatIsNoNumberIsRefused) {
  for (const char* text : {"", "-", "+", ".", "e5", "1e", "1e+", "1e+-5", "1.2.3", " 1", "1 ",
                           "NaN", "Infinity", "0x10", "--1", "1,000"}) {
    EXPECT_FALSE(Number::Parse(text).ok()) << text;
  }
}

TEST(Number, ThirtyEightDigitsAreExactAndMoreAreRefused) {
  const std::string nines(38, '9');
  EXPECT_EQ(Parsed(nines).ToText(), nines);
  EXPECT_EQ(Parsed("-" + nines).ToText(), "-" + nines);
  EXPECT_FALSE(Number::Parse("1" + nines).ok());
  EXPECT_TRUE(Number::Parse(nines + "000").ok()) << "trailing zeros are no digits";
  EXPECT_TRUE(Number::Parse("0.000" + nines).ok());
}

TEST(Number, MagnitudesOutsideTheRangeAreRefused) {
  EXPECT_TRUE(Number::Parse("9.9E125").ok());
  EXPECT_FALSE(Number::Parse("1E126").ok());
  EXPECT_TRUE(Number::Parse("1E-130").ok());
  EXPECT_FALSE(Number::Parse("9E-131").ok());
  EXPECT_FALSE(Number::Parse("1E999999").ok());
  EXPECT_FALSE(Number::Parse("1E99999999999").ok());
  EXPECT_FALSE(Number::FromParts(1, 126).ok());
  EXPECT_FALSE(Number::FromParts(1, std::numeric_limits<int>::max()).ok());
  EXPECT_FALSE(Number::FromParts(1, std::numeric_limits<int>::min()).ok());
}

TEST(Number, OneValueHasOneForm) {
  EXPECT_EQ(*Number::FromParts(10, 2), Number(1000));
  EXPECT_EQ(Number::FromParts(1000, 0)->coefficient(), Number::FromParts(1, 3)->coefficient());
  EXPECT_EQ(Parsed("1.0").ToInt64(), 1);
  EXPECT_EQ(Parsed("1e18").ToInt64(), 1'000'000'000'000'000'000);
  EXPECT_EQ(Parsed("1.5").ToInt64(), std::nullopt);
  EXPECT_EQ(Parsed("9223372036854775808").ToInt64(), std::nullopt);
}

TEST(Number, OrderIsByValue) {
  const char* const sorted[] = {"-9.9E125",
                                "-1E20",
                                "-9223372036854775809",
                                "-9223372036854775808",
                                "-100",
                                "-99.999",
                                "-1",
                                "-1E-130",
                                "0",
                                "1E-130",
                                "0.5",
                                "0.50001",
                                "1",
                                "99.9",
                                "100",
                                "9223372036854775807",
                                "9223372036854775808",
                                "1E20",
                                "1.00000000000000000001E20",
                                "9.9E125"};
  for (std::size_t i = 0; i < std::size(sorted); ++i) {
    for (std::size_t j = 0; j < std::size(sorted); ++j) {
      EXPECT_EQ(Parsed(sorted[i]) <=> Parsed(sorted[j]), i <=> j) << sorted[i] << " " << sorted[j];
    }
  }
}

TEST(Number, P29_SumsAreExactOrRefused) {
  EXPECT_EQ(Sum("1", "2"), "3");
  EXPECT_EQ(Sum("0.1", "0.2"), "0.3");
  EXPECT_EQ(Sum("9223372036854775807", "1"), "9223372036854775808");
  EXPECT_EQ(Difference("-9223372036854775808", "1"), "-9223372036854775809");
  EXPECT_EQ(Difference("0", "-9223372036854775808"), "9223372036854775808");
  EXPECT_EQ(Sum("1E38", "1000"), "100000000000000000000000000000000001000");
  EXPECT_EQ(Sum("1E38", "-1"), std::string(38, '9'));
  EXPECT_EQ(Sum(std::string(38, '9'), "1"), "1" + std::string(38, '0'));
  EXPECT_EQ(Sum(std::string(38, '9'), std::string(38, '9')), "error");
  EXPECT_EQ(Sum("1E38", "1"), "error");
  EXPECT_EQ(Sum("1E125", "1E-130"), "error");
  EXPECT_EQ(Sum("9E125", "9E125"), "error");
  EXPECT_EQ(Sum("1E125", "0"), "1E+125");
  EXPECT_EQ(Difference("1.5", "1.5"), "0");
  EXPECT_EQ(Sum("95" + std::string(35, '0') + "5", "95" + std::string(35, '0') + "5"),
            "19" + std::string(35, '0') + "10");
}

TEST(Number, SmallSumsAgreeWithIntegers) {
  SeededRandom random(7);
  for (int i = 0; i < 20000; ++i) {
    const auto draw = [&] {
      return static_cast<std::int64_t>(random.Next()) >> (1 + random.Below(62));
    };
    const std::int64_t a = draw();
    const std::int64_t b = draw();
    EXPECT_EQ(Number::Add(a, b)->ToText(), Number(a + b).ToText());
    EXPECT_EQ(Number::Subtract(a, b)->ToInt64(), a - b);
    EXPECT_EQ(Number(a) <=> Number(b), a <=> b);
    // The same with a fraction: hundredths.
    const Number fraction_a = *Number::FromParts(a / 4, -2);
    const Number fraction_b = *Number::FromParts(b / 4, -2);
    EXPECT_EQ(*Number::Add(fraction_a, fraction_b), *Number::FromParts(a / 4 + b / 4, -2));
    EXPECT_EQ(fraction_a <=> fraction_b, a / 4 <=> b / 4);
  }
}

}  // namespace
}  // namespace zael
