#include "dynamo/number_text.h"

#include <gtest/gtest.h>

#include <string>

namespace zael::dynamo {
namespace {

const std::string kOverflow =
    "Number overflow. Attempting to store a number with magnitude larger than supported range";
const std::string kUnderflow =
    "Number underflow. Attempting to store a number with magnitude smaller than supported range";
const std::string kPrecision = "Attempting to store more than 38 significant digits in a Number";

std::string Read(const std::string& text) {
  const auto number = ReadNumber(text);
  return number.ok() ? number->ToText() : number.error().message();
}

TEST(NumberText, ReadsEveryFormOfADecimal) {
  EXPECT_EQ(Read("1"), "1");
  EXPECT_EQ(Read("-0"), "0");
  EXPECT_EQ(Read("007.50"), "7.5");
  EXPECT_EQ(Read("+1e3"), "1000");
  EXPECT_EQ(Read(".5"), "0.5");
  EXPECT_EQ(Read("99999999999999999999999999999999999999"),
            "99999999999999999999999999999999999999");
}

TEST(NumberText, RefusesWhatIsNoNumberNamingIt) {
  EXPECT_EQ(Read(""), "The parameter cannot be converted to a numeric value");
  for (const std::string text :
       {"a", "NaN", "Infinity", " 1", "1 ", "1e", "1e+", "--1", "+-1", ".", "e5", "0x1", "1.2.3"}) {
    EXPECT_EQ(Read(text), "The parameter cannot be converted to a numeric value: " + text);
  }
}

TEST(NumberText, TellsMagnitudeFromPrecision) {
  EXPECT_EQ(Read("1e126"), kOverflow);
  EXPECT_EQ(Read("-1e126"), kOverflow);
  EXPECT_EQ(Read("0.01e128"), kOverflow);
  EXPECT_EQ(Read("1e99999999999999999999"), kOverflow);
  EXPECT_EQ(Read("1e-131"), kUnderflow);
  EXPECT_EQ(Read("0.0001e-127"), kUnderflow);
  EXPECT_EQ(Read("1e-99999999999999999999"), kUnderflow);
  EXPECT_EQ(Read("123456789012345678901234567890123456789"), kPrecision);
  EXPECT_EQ(Read("0.123456789012345678901234567890123456789"), kPrecision);
}

TEST(NumberText, TakesTheLargestAndTheSmallest) {
  EXPECT_TRUE(ReadNumber("9.9999999999999999999999999999999999999E+125").ok());
  EXPECT_TRUE(ReadNumber("1E-130").ok());
}

}  // namespace
}  // namespace zael::dynamo
