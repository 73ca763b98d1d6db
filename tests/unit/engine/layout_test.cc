// The worked example of docs/formats/engine.md, byte by byte.
#include "engine/layout.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/change_record.h"
#include "store/item_codec.h"
#include "store/validate.h"

namespace zael::engine {
namespace {

std::string Hex(std::string_view bytes) {
  std::string text;
  for (const unsigned char byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

TEST(Layout, IsThatOfTheWorkedExample) {
  Table table;
  table.number = 1;
  table.spec.keys = {{"PK", KeyType::kString}, KeyAttribute{"SK"}};
  table.spec.indexes = {{"GSI1", {{"GSI1PK", KeyType::kString}, KeyAttribute{"GSI1SK"}}}};
  const Item old_item{
      {"GSI1PK", "C"}, {"GSI1SK", "D"}, {"PK", "A"}, {"SK", "B"}, {"tokens_milli", 5}};
  Item new_item = old_item;
  new_item.Set("tokens_milli", 4);
  std::string old_bytes, new_bytes, record;
  store::EncodeItem(old_item, &old_bytes);
  store::EncodeItem(new_item, &new_bytes);
  EXPECT_EQ(Hex(RowKey(table, new_item)), "00000001410001420001");
  EXPECT_EQ(Hex(new_bytes), "01cb15417205030501430405014401050141020501420a0308");
  EXPECT_EQ(Hex(IndexKey(table, 0, new_item)), "0000000100430001440001410001420001");
  EXPECT_EQ(Hex(EncodeKeyBytes(6)), "06000000");
  EXPECT_EQ(RowKeyOf(IndexKey(table, 0, new_item), EncodeKeyBytes(6)), RowKey(table, new_item));
  EXPECT_EQ(TableNumberOf(RowKey(table, new_item)), 1u);
  ChangeRecordBuilder builder(WallTime(Milliseconds(1'767'225'600'000)), 1, &record);
  builder.Add({.before = old_bytes, .after = new_bytes});
  EXPECT_EQ(Hex(record),
            "0200a8da769b01000001"
            "03130001"
            "0a");
}

// The writer does not count the bytes of an item that is stored in a 32nd of what is allowed.
TEST(Layout, StoresAnItemInNoLessThanA32ndOfItsBytes) {
  const Value smallest[] = {Value(Null()), Value(false), Value(0),
                            Value(100),    Value(-1),    Value("")};
  const Value tenth = *zael::Number::Parse("1e-120"), huge = *zael::Number::Parse("9e125");
  for (const std::string name :
       {"total_consumed_milli", "refill_period_seconds", "refill_amount_milli", "PK", "x"}) {
    for (const Value& value : smallest) {
      for (const Item& item :
           {Item{{name, value}}, Item{{name, Item{{name, value}}}}, Item{{name, List(100, value)}},
            Item{{name, tenth}}, Item{{name, huge}}}) {
        std::string bytes;
        store::EncodeItem(item, &bytes);
        const std::size_t body = bytes.size() - store::kItemHeaderBytes - 1;
        EXPECT_LE(store::ItemBytes(item), 16 * body) << name;
      }
    }
  }
}

}  // namespace
}  // namespace zael::engine
