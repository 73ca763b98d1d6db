#include "store/item_codec.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace zael::store {
namespace {

std::string Encoded(const Item& item) {
  std::string bytes;
  EncodeItem(item, &bytes);
  return bytes;
}

Item Bucket() {
  return {{"PK", "ENTITY#user-1"},
          {"SK", "#BUCKET#gpt-4#rpm"},
          {"entity_id", "user-1"},
          {"tokens_milli", std::int64_t{-123456}},
          {"last_refill_ms", std::int64_t{1'767'225'600'000}},
          {"ttl", std::int64_t{1'767'312'000}}};
}

Item Rich() {
  Item item = Bucket();
  item.Set("null", Null{});
  item.Set("true", true);
  item.Set("false", false);
  item.Set("big", *Number::Parse("-99999999999999999999999999999999999999"));
  item.Set("tiny", *Number::Parse("1E-130"));
  item.Set("limits", NumberSet{{Number(-5), *Number::Parse("0.5"), Number(7)}});
  item.Set("min", std::numeric_limits<std::int64_t>::min());
  item.Set("max", std::numeric_limits<std::int64_t>::max());
  item.Set("binary", Binary{std::string("\0\xFF", 2)});
  item.Set("list", List{Value(1), Value(List{Value("x")}), Value(Item{{"PK", "inner"}})});
  item.Set("resources", StringSet{{"a", "b"}});
  item.Set("binaries", BinarySet{{Binary{"x"}, Binary{"y"}}});
  item.Set("empty list", List{});
  item.Set("empty map", Item{});
  return item;
}

TEST(ItemCodec, TheExampleOfTheFormatPageIsRight) {
  const Item item{{"PK", "ENTITY#u1"},          {"SK", "#META"},
                  {"cascade", false},           {"metadata", Item{{"plan", "pro"}}},
                  {"parent_id", Null{}},        {"tokens_milli", -1500},
                  {"x", *Number::Parse("0.25")}};
  const unsigned char expected[] = {
      0x01, 0xFA, 0x7B, 0xA3, 0xC1, 0x07, 0x01, 0x05, 0x09, 0x45, 0x4E, 0x54, 0x49, 0x54,
      0x59, 0x23, 0x75, 0x31, 0x02, 0x05, 0x05, 0x23, 0x4D, 0x45, 0x54, 0x41, 0x15, 0x01,
      0x16, 0x08, 0x01, 0x00, 0x04, 0x70, 0x6C, 0x61, 0x6E, 0x05, 0x03, 0x70, 0x72, 0x6F,
      0x14, 0x00, 0x0A, 0x03, 0xB7, 0x17, 0x00, 0x01, 0x78, 0x04, 0x03, 0x32, 0x00};
  const std::string bytes(reinterpret_cast<const char*>(expected), sizeof expected);
  EXPECT_EQ(Encoded(item), bytes);
  EXPECT_EQ(*DecodeItem(bytes), item);
}

TEST(ItemCodec, EveryItemComesBack) {
  for (const Item& item : {Item{}, Bucket(), Rich()}) {
    const auto back = DecodeItem(Encoded(item));
    ASSERT_TRUE(back.ok()) << back.error().message();
    EXPECT_EQ(*back, item);
  }
}

TEST(ItemCodec, AppendsBehindWhatIsThere) {
  std::string bytes = "before";
  EncodeItem(Bucket(), &bytes);
  EXPECT_EQ(bytes.substr(0, 6), "before");
  EXPECT_EQ(*DecodeItem(std::string_view(bytes).substr(6)), Bucket());
}

TEST(ItemCodec, ABucketIsSmall) { EXPECT_LT(Encoded(Bucket()).size(), 80u); }

TEST(ItemCodec, EveryFlippedBitIsFound) {
  const std::string bytes = Encoded(Rich());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto item = DecodeItem(damaged);
    ASSERT_FALSE(item.ok()) << "bit " << bit;
    EXPECT_EQ(item.error().code(), ErrorCode::kDataLoss);
  }
}

TEST(ItemCodec, EveryCutIsFound) {
  const std::string bytes = Encoded(Rich());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeItem(std::string_view(bytes).substr(0, size)).ok());
    if (size >= kItemHeaderBytes) {
      const auto body = std::string_view(bytes).substr(kItemHeaderBytes, size - kItemHeaderBytes);
      EXPECT_FALSE(DecodeItem(SealItemBody(body)).ok()) << "the checksum is right";
    }
  }
  EXPECT_FALSE(DecodeItem(bytes + "x").ok());
}

TEST(ItemCodec, BodiesNoWriterMakesAreRefused) {
  const std::string_view wrong[] = {
      {"", 0},                      // no count
      {"\x01", 1},                  // attribute missing
      {"\x01\x01", 2},              // value missing
      {"\x01\x01\x0C", 3},          // unknown tag
      {"\x01\xFE\x00", 3},          // unknown name entry
      {"\x01\x00\x00\x00", 4},      // empty name
      {"\x02\x02\x00\x01\x00", 5},  // names out of order
      {"\x02\x01\x00\x01\x00", 5},  // a name twice
      {"\x01\x01\x09\x00", 4},      // empty set
      {"\x01\x01\x09\x02\x01z\x01"
       "a",
       8},                                      // members out of order
      {"\x01\x01\x05\xFF\xFF\xFF\xFF\x7F", 8},  // a string longer than the bytes
      {"\x01\x01\x07\xFF\xFF\xFF\xFF\x7F", 8},  // a list longer than the bytes
      {"\x01\x01\x03\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 13},  // more than 64 bits
      {"\x01\x01\x04\xFF\x7F\x02\x00", 7},                           // an exponent out of range
  };
  for (const std::string_view body : wrong) EXPECT_FALSE(DecodeItem(SealItemBody(body)).ok());
  EXPECT_EQ(*DecodeItem(SealItemBody(std::string_view("\x00", 1))), Item());
}

TEST(ItemCodec, OtherVersionsAreNamed) {
  std::string bytes = Encoded(Bucket());
  bytes[0] = 2;
  EXPECT_EQ(DecodeItem(bytes).error().message(),
            "decode item: format version 2, this release reads 1");
}

TEST(ItemCodec, NestingIsBounded) {
  Value value(1);
  for (int i = 0; i < kMaxNesting; ++i) {
    value = i % 2 == 0 ? Value(List{value}) : Value(Item{{"m", value}});
  }
  const Item deepest{{"deep", value}};
  EXPECT_EQ(*DecodeItem(Encoded(deepest)), deepest);
  std::string body("\x01\x01", 2);
  for (int i = 0; i < 100000; ++i) body += std::string("\x07\x01", 2);
  body += '\0';
  EXPECT_FALSE(DecodeItem(SealItemBody(body)).ok());
}

TEST(ItemCodec, RandomBodiesAreRefusedOrComeBack) {
  SeededRandom random(11);
  const std::string valid = Encoded(Rich()).substr(kItemHeaderBytes);
  int decoded = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string body = valid;
    for (std::uint64_t n = 1 + random.Below(3); n > 0; --n) {
      body[random.Below(body.size())] = static_cast<char>(random.Next());
    }
    const auto item = DecodeItem(SealItemBody(body));
    if (!item.ok()) continue;
    ++decoded;
    EXPECT_EQ(*DecodeItem(Encoded(*item)), *item);
  }
  EXPECT_GT(decoded, 100);
}

}  // namespace
}  // namespace zael::store
