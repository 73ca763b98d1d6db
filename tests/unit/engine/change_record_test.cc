// Change records: what was written is read, and damage is reported.
#include "engine/change_record.h"

#include <gtest/gtest.h>

#include <string>

#include "store/item_codec.h"

namespace zael::engine {
namespace {

const KeySchema kKeys{{"PK", KeyType::kString}, std::nullopt};

std::string Encoded(const Item& item) {
  std::string bytes;
  store::EncodeItem(item, &bytes);
  return bytes;
}

TEST(ChangeRecord, KeepsBothImagesKindAndTimeOfEveryChange) {
  const Item old_item{{"PK", "a"}, {"n", 1}}, new_item{{"PK", "a"}, {"n", 2}}, other{{"PK", "b"}};
  const std::string old_bytes = Encoded(old_item), new_bytes = Encoded(new_item),
                    other_bytes = Encoded(other);
  std::string record;
  ChangeRecordBuilder builder(WallTime(Milliseconds(123456)), &record);
  builder.Add({.before = old_bytes, .after = new_bytes});
  builder.Add({.before = other_bytes, .after = {}, .by_expiry = true});
  builder.Add({.before = {}, .after = other_bytes});
  const auto changes = DecodeChangeRecord(record, 7, kKeys);
  ASSERT_TRUE(changes.ok());
  ASSERT_EQ(changes->size(), 3u);
  EXPECT_EQ((*changes)[0].kind, ChangeKind::kModify);
  EXPECT_EQ((*changes)[0].old_item, old_item);
  EXPECT_EQ((*changes)[0].new_item, new_item);
  EXPECT_EQ((*changes)[0].position, 7u);
  EXPECT_EQ((*changes)[0].at, WallTime(Milliseconds(123456)));
  EXPECT_EQ((*changes)[0].key, (Key{{"PK", "a"}}));
  EXPECT_EQ((*changes)[1].kind, ChangeKind::kRemove);
  EXPECT_TRUE((*changes)[1].by_expiry);
  EXPECT_EQ((*changes)[2].kind, ChangeKind::kInsert);
}

TEST(ChangeRecord, ReportsEveryCutAsDataLoss) {
  const std::string bytes = Encoded({{"PK", "a"}, {"n", 1}});
  std::string record;
  ChangeRecordBuilder builder(WallTime(Milliseconds(1)), &record);
  builder.Add({.before = bytes, .after = bytes});
  constexpr std::size_t kHeader = 9;
  for (std::size_t size = 0; size < record.size(); ++size) {
    if (size == kHeader) continue;  // a record of no changes
    const auto changes = DecodeChangeRecord(record.substr(0, size), 1, kKeys);
    ASSERT_FALSE(changes.ok()) << size;
    EXPECT_EQ(changes.error().code(), ErrorCode::kDataLoss);
  }
}

}  // namespace
}  // namespace zael::engine
