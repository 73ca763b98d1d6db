// Resolve: how a level of configuration is read, as requests to send and answers to decode.
//
// Pure: the limiter's state machine, which does no I/O, and the Configuration facet share it. One
// query of an entity brings its record and all its limits; resource and system defaults take one
// query each. Collect all pages of a query before decoding it.
//
// All items of a level carry one config_version. Different ones mean that the query ran into a
// change: read again. A level that stays mixed in kTornReadings readings was written so by another
// release and is used.
#pragma once

#include <zael/config.h>
#include <zael/entity.h>
#include <zael/result.h>
#include <zael/store.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/limit_record.h"

namespace zael::repository {

inline constexpr int kTornReadings = 4;

// `ENTITY#{id}`: `#LIMIT#...` to `#META`.
QueryRequest EntityConfigQuery(const std::string& table, std::string_view entity_id);
// `RESOURCE#{resource}`: `#LIMIT#...`.
QueryRequest ResourceConfigQuery(const std::string& table, std::string_view resource);
// Only the limits of one level (of the system level: and its config record).
QueryRequest LevelQuery(const std::string& table, const records::LimitLevel& level);
// `SYSTEM#`: `#CONFIG` and `#LIMIT#...`.
QueryRequest SystemConfigQuery(const std::string& table);

// The limits of one level as stored, in ascending order of their names.
struct LevelRecords {
  std::vector<records::LimitRecord> records;
  bool torn = false;  // different config_versions

  bool empty() const { return records.empty(); }
  Limits limits() const;
  std::int64_t newest_version() const;  // 0 when empty
};

// What the query of an entity says about it and one resource.
struct EntityConfig {
  std::optional<Entity> entity;  // absent: no record
  LevelRecords for_resource;
  LevelRecords for_default;  // of the resource kDefaultResource

  bool torn() const { return for_resource.torn || for_default.torn; }
};

struct SystemConfig {
  LevelRecords level;
  std::optional<OnUnavailable> on_unavailable;
  std::optional<std::int64_t> config_version;  // of the config record; absent: no record
  bool torn = false;                           // the config record included
};

// Malformed records of other resources are not looked at. Errors of all: kDataLoss naming the key.
Result<EntityConfig> DecodeEntityConfig(const std::vector<Item>& items, std::string_view entity_id,
                                        std::string_view resource);
Result<LevelRecords> DecodeResourceConfig(const std::vector<Item>& items);
Result<SystemConfig> DecodeSystemConfig(const std::vector<Item>& items);

// The items of one partition that belong to the level.
Result<LevelRecords> DecodeLevel(const std::vector<Item>& items, const records::LimitLevel& level);

}  // namespace zael::repository
