// Change records: what was written is read, and damage is reported.
#include "engine/change_record.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "store/item_codec.h"

namespace zael::engine {
namespace {

const KeySchema kKeys{{"PK", KeyType::kString}, std::nullopt};

std::string Encoded(const Item& item) {
  std::string bytes;
  store::EncodeItem(item, &bytes);
  return bytes;
}

// What the record says of changes whose new images are these.
Result<std::vector<Change>> Read(std::string_view record, const std::vector<std::string>& after) {
  auto reader = ChangeRecordReader::Open(record);
  if (!reader.ok()) return reader.error();
  std::vector<Change> changes;
  for (std::size_t i = 0; reader->left() > 0; ++i) {
    auto change = reader->Next(i < after.size() ? after[i] : "", kKeys);
    if (!change.ok()) return change.error();
    if (change->has_value()) changes.push_back(**std::move(change));
  }
  return changes;
}

TEST(ChangeRecord, KeepsBothImagesKindAndTimeOfEveryChange) {
  const Item old_item{{"PK", "a"}, {"n", 1}}, new_item{{"PK", "a"}, {"n", 2}}, other{{"PK", "b"}};
  const std::string old_bytes = Encoded(old_item), new_bytes = Encoded(new_item),
                    other_bytes = Encoded(other);
  std::string record;
  ChangeRecordBuilder builder(WallTime(Milliseconds(123456)), 4, &record);
  builder.Add({.before = old_bytes, .after = new_bytes});
  builder.Add({.before = old_bytes, .after = new_bytes, .streamed = false});
  builder.Add({.before = other_bytes, .after = {}, .by_expiry = true});
  builder.Add({.before = {}, .after = other_bytes});
  const auto changes = Read(record, {new_bytes, new_bytes, "", other_bytes});
  ASSERT_TRUE(changes.ok());
  ASSERT_EQ(changes->size(), 3u);
  EXPECT_EQ((*changes)[0].kind, ChangeKind::kModify);
  EXPECT_EQ((*changes)[0].old_item, old_item);
  EXPECT_EQ((*changes)[0].new_item, new_item);
  EXPECT_EQ((*changes)[0].at, WallTime(Milliseconds(123456)));
  EXPECT_EQ((*changes)[0].key, (Key{{"PK", "a"}}));
  EXPECT_EQ((*changes)[1].kind, ChangeKind::kRemove);
  EXPECT_TRUE((*changes)[1].by_expiry);
  EXPECT_EQ((*changes)[1].old_item, other);
  EXPECT_EQ((*changes)[2].kind, ChangeKind::kInsert);
  EXPECT_EQ((*changes)[2].new_item, other);
}

TEST(ChangeRecord, GivesBackAnyOldImage) {
  const std::string text(300, 'x');
  std::vector<Item> items;
  for (const std::string& middle : {text, text + "y", "y" + text, text.substr(1), std::string("z")})
    items.push_back({{"PK", "a"}, {"m", middle}, {"n", 1}});
  items.push_back({{"PK", "a"}});
  items.push_back({{"PK", "a"}, {"a", 1}});
  items.push_back({{"PK", "a"}, {"z", 1}});
  items.push_back({{"PK", "a"}, {"m", text}, {"n", 2}, {"o", text}});
  for (const Item& old_item : items) {
    for (const Item& new_item : items) {
      const std::string after = Encoded(new_item);
      std::string record;
      ChangeRecordBuilder(WallTime(), 1, &record)
          .Add({.before = Encoded(old_item), .after = after});
      const auto changes = Read(record, {after});
      ASSERT_TRUE(changes.ok());
      EXPECT_EQ(changes->at(0).old_item, old_item);
    }
  }
}

TEST(ChangeRecord, OfOneNumberThatChangedIsShort) {
  Item item{{"PK", "a"}, {"m", std::string(300, 'x')}, {"n", 1}};
  const std::string before = Encoded(item);
  item.Set("n", 2);
  std::string record;
  ChangeRecordBuilder(WallTime(), 1, &record).Add({.before = before, .after = Encoded(item)});
  EXPECT_LT(record.size(), 20u);
}

// Random bytes of a text change, few or many, near each other or far apart.
TEST(ChangeRecord, GivesBackTheOldImageWhereverBytesDiffer) {
  std::mt19937 random(20261127);
  for (int round = 0; round < 2'000; ++round) {
    std::string text(1 + random() % 200, 'x');
    const std::string before = Encoded({{"PK", "a"}, {"m", text}});
    for (auto count = random() % 12; count > 0; --count) text[random() % text.size()] = 'y';
    if (random() % 8 == 0) text += "longer";
    const std::string after = Encoded({{"PK", "a"}, {"m", text}});
    std::string record;
    ChangeRecordBuilder builder(WallTime(), 2, &record);
    builder.Add({.before = before, .after = after});
    builder.Add({.before = after, .after = before});
    const auto changes = Read(record, {after, before});
    ASSERT_TRUE(changes.ok());
    ASSERT_EQ(changes->at(0).old_item, *store::DecodeItem(before)) << text;
    ASSERT_EQ(changes->at(1).old_item, *store::DecodeItem(after)) << text;
  }
}

TEST(ChangeRecord, ReportsEveryCutAsDataLoss) {
  const std::string before = Encoded({{"PK", "a"}, {"n", 1}});
  const std::string after = Encoded({{"PK", "a"}, {"n", 2}});
  std::string record;
  ChangeRecordBuilder builder(WallTime(Milliseconds(1)), 1, &record);
  builder.Add({.before = before, .after = after});
  for (std::size_t size = 0; size < record.size(); ++size) {
    const auto changes = Read(std::string_view(record).substr(0, size), {after});
    ASSERT_FALSE(changes.ok()) << size;
    EXPECT_EQ(changes.error().code(), ErrorCode::kDataLoss);
  }
}

TEST(ChangeRecord, ReportsAnOldImageOfAnotherItemAsDataLoss) {
  const std::string before = Encoded({{"PK", "a"}, {"m", std::string(100, 'x')}, {"n", 1}});
  const std::string after = Encoded({{"PK", "a"}, {"m", std::string(100, 'x')}, {"n", 2}});
  std::string record;
  ChangeRecordBuilder(WallTime(), 1, &record).Add({.before = before, .after = after});
  for (const std::string& other : {Encoded({{"PK", "a"}}), std::string()}) {
    const auto changes = Read(record, {other});
    ASSERT_FALSE(changes.ok());
    EXPECT_EQ(changes.error().code(), ErrorCode::kDataLoss);
  }
}

}  // namespace
}  // namespace zael::engine
