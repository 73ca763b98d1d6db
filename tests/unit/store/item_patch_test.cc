// Patches of encoded items: always what encoding the changed item makes.
#include "store/item_patch.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/random.h"

namespace zael::store {
namespace {

// A whole number of every width.
std::int64_t AnyInteger(RandomSource& random) {
  return static_cast<std::int64_t>(random.Next() >> (1 + random.Next() % 63)) *
         (random.Next() % 2 == 0 ? 1 : -1);
}

Item AnyItem(RandomSource& random) {
  Item item;
  for (const char* name : {"PK", "limits", "tokens_milli", "write_id", "x", "ttl"}) {
    switch (random.Next() % 5) {
      case 0:
        item.Set(name, std::string(random.Next() % 300, 's'));
        break;
      case 1:
        item.Set(name, List{Value(AnyInteger(random)), Value(Item{{"x", 1}})});
        break;
      case 2:
        break;
      default:
        item.Set(name, AnyInteger(random));
        break;
    }
  }
  return item;
}

TEST(ItemPatch, PlacesCutTheValuesOut) {
  const Item item{{"PK", "p"}, {"map", Item{{"x", 1}}}, {"name not known", 300}};
  std::string bytes = "is replaced";
  std::vector<ValuePlace> places(7);
  EncodeItem(item, &bytes, &places);
  std::string expected;
  EncodeItem(item, &expected);
  EXPECT_EQ(bytes, expected);
  ASSERT_EQ(places.size(), 3U);
  const auto value = [&](std::size_t at) {
    return bytes.substr(places[at].begin, places[at].end - places[at].begin);
  };
  EXPECT_EQ(value(0), std::string("\x05\x01p"));
  EXPECT_EQ(value(1), std::string("\x08\x01\x00\x01x\x03\x02", 7));
  EXPECT_EQ(value(2), std::string("\x03\xD8\x04"));
}

TEST(ItemPatch, MakesWhatEncodingTheChangedItemMakes) {
  SeededRandom random(7);
  for (int round = 0; round < 3000; ++round) {
    Item item = AnyItem(random);
    std::string bytes;
    std::vector<ValuePlace> places;
    EncodeItem(item, &bytes, &places);
    std::vector<IntegerPatch> patches;
    for (std::size_t i = 0; i < item.size(); ++i) {
      if (random.Next() % 2 == 0) continue;
      patches.push_back({.attribute = i, .value = AnyInteger(random)});
      item.Set(std::string((item.begin() + i)->name), patches.back().value);
    }
    std::string patched, encoded;
    std::vector<ValuePlace> encoded_places;
    PatchIntegers(bytes, patches, &patched, &places);
    EncodeItem(item, &encoded, &encoded_places);
    ASSERT_EQ(patched, encoded) << round;
    for (std::size_t i = 0; i < places.size(); ++i) {
      ASSERT_EQ(places[i].begin, encoded_places[i].begin) << round;
      ASSERT_EQ(places[i].end, encoded_places[i].end) << round;
    }
  }
}

TEST(ItemPatch, WritesTheLeastAndTheGreatestInteger) {
  Item item{{"a", 0}, {"b", 0}};
  std::string bytes, patched;
  std::vector<ValuePlace> places;
  EncodeItem(item, &bytes, &places);
  const std::vector<IntegerPatch> patches = {{0, std::numeric_limits<std::int64_t>::min()},
                                             {1, std::numeric_limits<std::int64_t>::max()}};
  PatchIntegers(bytes, patches, &patched, &places);
  const Item expected{{"a", patches[0].value}, {"b", patches[1].value}};
  EXPECT_EQ(*DecodeItem(patched), expected);
}

}  // namespace
}  // namespace zael::store
