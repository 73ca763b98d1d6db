#include "endpoint/streams/stream_position.h"

#include <gtest/gtest.h>

#include "base/time.h"

namespace zael::endpoint {
namespace {

TEST(SequenceNumbers, SortAsTextsLikePlaces) {
  const StreamPlace early{.position = 9, .index = 12};
  const StreamPlace later{.position = 10, .index = 0};
  const StreamPlace last{.position = ~std::uint64_t{0}, .index = kAllOfPosition};
  EXPECT_LT(SequenceNumber(early), SequenceNumber(later));
  EXPECT_LT(SequenceNumber(later), SequenceNumber(last));
  EXPECT_EQ(SequenceNumber(later).size(), 24U);
  for (const StreamPlace& place : {early, later, last}) {
    EXPECT_EQ(ParseSequenceNumber(SequenceNumber(place)), place);
  }
}

TEST(SequenceNumbers, ThatAreNoneAreRefused) {
  for (const char* text : {"", "111", "200000000000000000010000", "1-0000000000000000010000",
                           "199999999999999999999000", "10000000000000000001000x"}) {
    EXPECT_EQ(ParseSequenceNumber(text), std::nullopt) << text;
  }
}

TEST(ShardIterators, ComeBackAsTheyWereMade) {
  const ShardIterator iterator{
      .stream_arn = "arn:a|b", .after = {.position = 7, .index = 3}, .made_at = FromEpochMs(1'000)};
  const auto read = ParseIterator(ToText(iterator), FromEpochMs(2'000));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, iterator);
}

TEST(ShardIterators, LiveAQuarterOfAnHour) {
  const std::string text = ToText({.stream_arn = "a", .after = {}, .made_at = FromEpochMs(0)});
  EXPECT_TRUE(ParseIterator(text, FromEpochMs(15 * 60'000)).ok());
  EXPECT_EQ(ErrorName(ParseIterator(text, FromEpochMs(15 * 60'000 + 1)).error()),
            "ExpiredIteratorException");
}

TEST(ShardIterators, ThatAreNoneAreRefused) {
  for (const char* text : {"", "x", "a|1|2", "a|1|2|x", "a|-1|2|3", "a|1|2|-3", "a|1|2|9999999"}) {
    const auto read = ParseIterator(text, FromEpochMs(1'000));
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(ErrorName(read.error()), "ValidationException") << text;
  }
}

}  // namespace
}  // namespace zael::endpoint
