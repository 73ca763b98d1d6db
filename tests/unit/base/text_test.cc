#include "base/text.h"

#include <gtest/gtest.h>

namespace zael {
namespace {

TEST(Shorten, QuotesAShortValue) {
  EXPECT_EQ(Shorten("rpm"), "'rpm'");
  EXPECT_EQ(Shorten(""), "''");
}

TEST(Shorten, CutsALongValueAndSaysHowLongItIs) {
  EXPECT_EQ(Shorten(std::string(40, 'a')), "'" + std::string(40, 'a') + "'");
  EXPECT_EQ(Shorten(std::string(300, 'a')), "'" + std::string(40, 'a') + "...' (300 bytes)");
}

TEST(Shorten, KeepsMessagesOnOneLineOfPlainText) {
  EXPECT_EQ(Shorten("a\nb\x1b[31m\xc3\xa9"), "'a\\x0ab\\x1b[31m\\xc3\\xa9'");
}

}  // namespace
}  // namespace zael
