#include "dynamo/http_date.h"

#include <gtest/gtest.h>

#include "base/time.h"

namespace zael::dynamo {
namespace {

TEST(HttpDate, ReadsTheFixedForm) {
  const auto time = ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT");
  ASSERT_TRUE(time);
  EXPECT_EQ(ToUtcText(*time), "1994-11-06T08:49:37Z");
}

TEST(HttpDate, WritesWhatItReads) {
  const std::string text = "Sun, 06 Nov 1994 08:49:37 GMT";
  EXPECT_EQ(ToHttpDate(*ParseHttpDate(text) + std::chrono::milliseconds(999)), text);
  EXPECT_EQ(ToHttpDate(*ParseUtcText("2026-11-27T00:00:00Z")), "Fri, 27 Nov 2026 00:00:00 GMT");
}

TEST(HttpDate, ReadsNothingElse) {
  for (const char* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                           "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT "}) {
    EXPECT_FALSE(ParseHttpDate(text)) << text;
  }
}

}  // namespace
}  // namespace zael::dynamo
