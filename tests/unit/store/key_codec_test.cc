#include "store/key_codec.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/format.h"
#include "base/random.h"

namespace zael::store {
namespace {

std::string Bytes(const Value& value) {
  std::string bytes;
  AppendKeyValue(value, &bytes);
  return bytes;
}
std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    text += Format("{}{:02X}", text.empty() ? "" : " ", static_cast<unsigned char>(c));
  }
  return text;
}
Number Parsed(std::string_view text) { return *Number::Parse(text); }

TEST(KeyCodec, TheExamplesOfTheFormatPageAreRight) {
  EXPECT_EQ(Hex(Bytes("ab")), "61 62 00 01");
  EXPECT_EQ(Hex(Bytes(std::string("a\0", 2))), "61 00 FF 00 01");
  EXPECT_EQ(Hex(Bytes(1)), "30 82 0B 00");
  EXPECT_EQ(Hex(Bytes(Parsed("-1.5"))), "10 7D EF FF");
  EXPECT_EQ(Hex(Bytes(1234)), "30 85 0D 23 00");
  EXPECT_EQ(Hex(Bytes(0)), "20");
}

std::vector<Value> SomeNumbers() {
  std::vector<Value> values;
  SeededRandom random(3);
  for (int i = 0; i < 300; ++i) {
    const auto coefficient = static_cast<std::int64_t>(random.Next()) >> random.Below(63);
    const int exponent = static_cast<int>(random.Below(40)) - 20;
    values.emplace_back(*Number::FromParts(coefficient, exponent));
    values.emplace_back(static_cast<std::int64_t>(random.Below(2000)) - 1000);
  }
  for (const char* text : {"0", "1E-130", "-1E-130", "9.9E125", "-9.9E125"}) {
    values.emplace_back(Parsed(text));
  }
  values.emplace_back(Parsed(std::string(38, '9')));
  values.emplace_back(Parsed("-" + std::string(38, '9')));
  return values;
}

std::vector<Value> SomeStrings() {
  std::vector<Value> values;
  SeededRandom random(5);
  for (int i = 0; i < 500; ++i) {
    std::string text;
    for (std::uint64_t n = random.Below(6); n > 0; --n) {
      text.push_back(
          "\x00\x01\x02"
          "ab\xFE\xFF"[random.Below(7)]);
    }
    values.emplace_back(text);
  }
  return values;
}

TEST(KeyCodec, OrderOfBytesIsOrderOfValuesAndDecodingInverts) {
  for (const auto& values : {SomeNumbers(), SomeStrings()}) {
    const KeyType type = values[0].As<Number>() != nullptr ? KeyType::kNumber : KeyType::kString;
    for (const Value& a : values) {
      const std::string a_bytes = Bytes(a);
      const std::string followed = a_bytes + "rest";
      std::string_view rest = followed;
      const auto back = TakeKeyValue(type, &rest);
      ASSERT_TRUE(back.ok());
      EXPECT_EQ(*back, a);
      EXPECT_EQ(rest, "rest");
      for (const Value& b : values) {
        const auto expected = type == KeyType::kNumber
                                  ? *a.As<Number>() <=> *b.As<Number>()
                                  : a.As<std::string>()->compare(*b.As<std::string>()) <=> 0;
        ASSERT_EQ(a_bytes.compare(Bytes(b)) <=> 0, expected);
      }
    }
  }
}

TEST(KeyCodec, DamagedBytesAreDataLossNotACrash) {
  SeededRandom random(9);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes;
    for (std::uint64_t n = random.Below(30); n > 0; --n) {
      bytes.push_back(static_cast<char>(random.Next() >> (random.Below(8) * 8)));
    }
    if (!bytes.empty() && i % 2 == 0) bytes[0] = i % 4 == 0 ? '\x30' : '\x10';
    for (const KeyType type : {KeyType::kString, KeyType::kNumber, KeyType::kBinary}) {
      std::string_view rest = bytes;
      const auto value = TakeKeyValue(type, &rest);
      EXPECT_TRUE(value.ok() || value.error().code() == ErrorCode::kDataLoss);
    }
  }
}

TEST(KeyCodec, WholeKeysComeBack) {
  const KeySchema schema{{"PK"}, KeyAttribute{"n", KeyType::kNumber}};
  const Item item{{"PK", "A"}, {"n", -7}, {"other", 1}};
  std::string bytes;
  AppendKey(schema, item, &bytes);
  std::string_view rest = bytes;
  EXPECT_EQ(*TakeKey(schema, &rest), (Key{{"PK", "A"}, {"n", -7}}));
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(KeyOf(schema, item), (Key{{"PK", "A"}, {"n", -7}}));
  EXPECT_TRUE(HasKey(schema, item));
  EXPECT_FALSE(HasKey({{"PK"}, KeyAttribute{"absent"}}, item));
}

TEST(KeyCodec, KeysOfTwoTextsHaveAShortWay) {
  const KeySchema by_name{{"PK"}, KeyAttribute{"SK"}}, turned{{"b"}, KeyAttribute{"a"}};
  const Key keys[] = {{{"PK", "h"}, {"SK", "range"}}, {{"a", "range"}, {"b", "h"}}};
  for (const KeySchema& schema : {by_name, turned}) {
    const Key& key = keys[schema.hash.name == "PK" ? 0 : 1];
    std::string expected = "before", appended = expected;
    AppendKey(schema, key, &expected);
    EXPECT_TRUE(AppendTextKey(schema, key, &appended));
    EXPECT_EQ(appended, expected);
  }
}

TEST(KeyCodec, OtherAndInvalidKeysDoNotGoTheShortWay) {
  const KeySchema schema{{"PK"}, KeyAttribute{"SK"}};
  const Key others[] = {{{"PK", "h"}},
                        {{"PK", "h"}, {"SK", "s"}, {"x", "y"}},
                        {{"PK", "h"}, {"other", "s"}},
                        {{"PK", ""}, {"SK", "s"}},
                        {{"PK", "h"}, {"SK", 1}},
                        {{"PK", "h"}, {"SK", Binary{"s"}}},
                        {{"PK", std::string("zero\0", 5)}, {"SK", "s"}},
                        {{"PK", "h"}, {"SK", std::string(1025, 's')}}};
  std::string out = "before";
  for (const Key& key : others) EXPECT_FALSE(AppendTextKey(schema, key, &out));
  const Key key{{"PK", "h"}, {"SK", "s"}};
  EXPECT_FALSE(AppendTextKey({{"PK"}, std::nullopt}, key, &out));
  EXPECT_FALSE(AppendTextKey({{"PK"}, KeyAttribute{"SK", KeyType::kNumber}}, key, &out));
  EXPECT_EQ(out, "before");
}

TEST(PrefixEnd, IsTheFirstStringAfterThePrefix) {
  EXPECT_EQ(PrefixEnd("ab"), "ac");
  EXPECT_EQ(PrefixEnd("a\xFF\xFF"), "b");
  EXPECT_EQ(PrefixEnd("\xFF"), "");
  EXPECT_EQ(PrefixEnd(""), "");
}

TEST(RangeBounds, SelectWhatTheConditionSelects) {
  const KeyAttribute text{"SK", KeyType::kString};
  const std::vector<Value> values = SomeStrings();
  const auto check = [&](const Condition& condition, auto holds) {
    const auto bounds = RangeBounds(condition, text);
    ASSERT_TRUE(bounds.ok());
    for (const Value& value : values) {
      const std::string bytes = Bytes(value) + "behind";
      const bool inside =
          bytes >= bounds->lower && (bounds->upper.empty() || bytes < bounds->upper);
      ASSERT_EQ(inside, holds(*value.As<std::string>()));
    }
  };
  for (std::size_t i = 0; i < 60; ++i) {
    const std::string a = *values[i].As<std::string>();
    const std::string b = std::max(a, *values[i + 1].As<std::string>());
    check(Equal("SK", a), [&](const std::string& s) { return s == a; });
    check(Less("SK", a), [&](const std::string& s) { return s < a; });
    check(AtMost("SK", a), [&](const std::string& s) { return s <= a; });
    check(Greater("SK", a), [&](const std::string& s) { return s > a; });
    check(AtLeast("SK", a), [&](const std::string& s) { return s >= a; });
    check({BeginsWith{Path("SK"), Value(a)}},
          [&](const std::string& s) { return s.starts_with(a); });
    check({Between{Path("SK"), Value(a), Value(b)}},
          [&](const std::string& s) { return a <= s && s <= b; });
  }
}

TEST(RangeBounds, RefuseWhatIsNoRange) {
  const KeyAttribute text{"SK", KeyType::kString};
  const KeyAttribute number{"SK", KeyType::kNumber};
  EXPECT_FALSE(RangeBounds(Unequal("SK", "a"), text).ok());
  EXPECT_FALSE(RangeBounds(Equal("PK", "a"), text).ok());
  EXPECT_FALSE(RangeBounds(Equal("SK", 1), text).ok());
  EXPECT_FALSE(RangeBounds({BeginsWith{Path("SK"), Value(1)}}, number).ok());
  EXPECT_FALSE(RangeBounds({Between{Path("SK"), Value("b"), Value("a")}}, text).ok());
  EXPECT_FALSE(RangeBounds(All({Equal("SK", "a")}), text).ok());
}

}  // namespace
}  // namespace zael::store
