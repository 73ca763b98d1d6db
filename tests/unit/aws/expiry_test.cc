#include "aws/expiry.h"

#include <gtest/gtest.h>

#include "base/time.h"

namespace zael::aws {
namespace {

std::string Utc(std::string_view text) {
  const auto time = ParseExpiry(text);
  return time.ok() ? ToUtcText(*time) : time.error().message();
}

TEST(Expiry, IsReadInEveryFormThatServicesWrite) {
  EXPECT_EQ(Utc("2026-01-31T23:59:59Z"), "2026-01-31T23:59:59Z");
  EXPECT_EQ(Utc("2026-01-31T23:59:59.123Z"), "2026-01-31T23:59:59Z");
  EXPECT_EQ(Utc("2026-01-31T23:59:59.123456789+00:00"), "2026-01-31T23:59:59Z");
  EXPECT_EQ(Utc("2026-02-01T01:29:59+01:30"), "2026-01-31T23:59:59Z");
  EXPECT_EQ(Utc("2026-01-31T15:59:59-0800"), "2026-01-31T23:59:59Z");
}

TEST(Expiry, NothingElseIsATime) {
  for (const char* text : {"", "2026-01-31", "2026-01-31T23:59:59", "2026-01-31 23:59:59Z",
                           "2026-02-30T00:00:00Z", "2026-01-31T23:59:59.Z", "2026-01-31T23:59:59+1",
                           "2026-01-31T23:59:59+24:00", "2026-01-31T23:59:59+00:60",
                           "2026-01-31T23:59:59+0a:00", "2026-01-31T23:59:59Zx", "1767225600"}) {
    EXPECT_FALSE(ParseExpiry(text).ok()) << text;
  }
  EXPECT_EQ(Utc("soon"), "parse expiry: 'soon' is not an ISO 8601 time");
}

}  // namespace
}  // namespace zael::aws
