#include "endpoint/tables/table_settings.h"

#include <gtest/gtest.h>

#include "base/time.h"

namespace zael::endpoint {
namespace {

TEST(TableSettings, ComeBackFromNotesAsTheyWere) {
  TableSettings settings;
  settings.provisioned = true;
  settings.on_demand_since = FromEpochMs(1'700'000'000'123);
  settings.throughput = {.read_units = 5, .write_units = 6};
  settings.indexes["i"] = {.local = true,
                           .projection = "INCLUDE",
                           .non_key_attributes = {"x", "y\""},
                           .throughput = {.read_units = 1, .write_units = 2}};
  settings.streams = {{.enabled_at = FromEpochMs(1),
                       .disabled_at = FromEpochMs(2),
                       .view = "KEYS_ONLY",
                       .after = 3},
                      {.enabled_at = FromEpochMs(4), .disabled_at = {}, .after = 5}};
  settings.table_class = "STANDARD";
  settings.encrypted = true;
  settings.on_demand_maxima = {.read_units = -1, .write_units = 9};
  TableDescription table;
  table.spec.notes = ToNotes(settings);
  table.spec.stream = true;
  EXPECT_EQ(SettingsOf(table), settings);
}

TEST(TableSettings, OfATableWithoutNotesAreThoseOfALimiter) {
  TableDescription table;
  table.created_at = FromEpochMs(1'000);
  TableSettings settings = SettingsOf(table);
  EXPECT_FALSE(settings.provisioned);
  EXPECT_EQ(settings.on_demand_since, table.created_at);
  ASSERT_NE(EnabledStream(settings), nullptr);
  EXPECT_EQ(EnabledStream(settings)->enabled_at, table.created_at);
  EXPECT_EQ(EnabledStream(settings)->view, "NEW_AND_OLD_IMAGES");
  table.spec.stream = false;
  EXPECT_EQ(EnabledStream(SettingsOf(table)), nullptr);
}

TEST(TableSettings, FollowAStreamThatTheLibrarySwitched) {
  TableSettings settings;
  settings.streams = {{.enabled_at = FromEpochMs(4), .disabled_at = {}}};
  TableDescription table;
  table.spec.notes = ToNotes(settings);
  table.spec.stream = false;
  EXPECT_EQ(EnabledStream(SettingsOf(table)), nullptr);
  EXPECT_EQ(SettingsOf(table).streams.size(), 1U);
}

TEST(TableSettings, ThatAreNoneOfOursCountAsNone) {
  TableDescription table;
  for (const char* notes : {"x", "[]", "{}", R"({"indexes":[1],"streams":7,"throughput":"a"})"}) {
    table.spec.notes = notes;
    EXPECT_FALSE(SettingsOf(table).provisioned) << notes;
    EXPECT_TRUE(SettingsOf(table).indexes.empty()) << notes;
  }
}

}  // namespace
}  // namespace zael::endpoint
