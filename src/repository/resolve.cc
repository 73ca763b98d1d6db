#include "repository/resolve.h"

#include <algorithm>
#include <utility>

#include "base/try.h"
#include "records/attributes.h"
#include "records/entity_record.h"
#include "records/keys.h"
#include "records/system_records.h"

namespace zael::repository {
namespace {

using records::kSk;
using records::LimitLevel;

QueryRequest PartitionQuery(const std::string& table, std::string pk, Condition range) {
  QueryRequest query;
  query.table = table;
  query.hash = Value(std::move(pk));
  query.range = std::move(range);
  return query;
}

Condition SkBetween(std::string_view low, std::string_view high) {
  return {Between{Path(kSk), Value(low), Value(high)}};
}

bool SkBeginsWith(const Item& item, std::string_view prefix) {
  const Value* sk = item.Find(kSk);
  const std::string* text = sk == nullptr ? nullptr : sk->As<std::string>();
  return text != nullptr && text->starts_with(prefix);
}

}  // namespace

QueryRequest EntityConfigQuery(const std::string& table, std::string_view entity_id) {
  return PartitionQuery(table, records::EntityPk(entity_id),
                        SkBetween(records::kLimitSkPrefix, records::kMetaSk));
}

QueryRequest LevelQuery(const std::string& table, const LimitLevel& level) {
  if (!level.resource) return SystemConfigQuery(table);
  return PartitionQuery(table, records::LevelPk(level),
                        {BeginsWith{Path(kSk), Value(records::LevelSkPrefix(level))}});
}

QueryRequest ResourceConfigQuery(const std::string& table, std::string_view resource) {
  return LevelQuery(table, LimitLevel::OfResource(resource));
}

QueryRequest SystemConfigQuery(const std::string& table) {
  const std::string last = std::string(records::kLimitSkPrefix).append(records::kAfterNames);
  return PartitionQuery(table, std::string(records::kSystemPk),
                        SkBetween(records::kConfigSk, last));
}

Limits LevelRecords::limits() const {
  Limits limits;
  limits.reserve(records.size());
  for (const records::LimitRecord& record : records) limits.push_back(record.limit);
  return limits;
}

std::int64_t LevelRecords::newest_version() const {
  std::int64_t newest = 0;
  for (const records::LimitRecord& record : records)
    newest = std::max(newest, record.config_version);
  return newest;
}

Result<LevelRecords> DecodeLevel(const std::vector<Item>& items, const LimitLevel& level) {
  const std::string prefix = records::LevelSkPrefix(level);
  LevelRecords found;
  for (const Item& item : items) {
    if (!SkBeginsWith(item, prefix)) continue;
    ZAEL_ASSIGN(records::LimitRecord record, records::DecodeLimit(item));
    if (!found.empty() && found.records.front().config_version != record.config_version)
      found.torn = true;
    found.records.push_back(std::move(record));
  }
  return found;
}

Result<EntityConfig> DecodeEntityConfig(const std::vector<Item>& items, std::string_view entity_id,
                                        std::string_view resource) {
  EntityConfig config;
  for (const Item& item : items) {
    if (!records::IsEntityRecord(item)) continue;
    ZAEL_ASSIGN(config.entity, records::DecodeEntity(item));
  }
  ZAEL_ASSIGN(config.for_resource, DecodeLevel(items, LimitLevel::OfEntity(entity_id, resource)));
  ZAEL_ASSIGN(config.for_default,
              DecodeLevel(items, LimitLevel::OfEntity(entity_id, kDefaultResource)));
  return config;
}

Result<LevelRecords> DecodeResourceConfig(const std::vector<Item>& items) {
  return DecodeLevel(items, LimitLevel::OfResource(""));
}

Result<SystemConfig> DecodeSystemConfig(const std::vector<Item>& items) {
  SystemConfig config;
  for (const Item& item : items) {
    if (!records::IsSystemConfig(item)) continue;
    ZAEL_ASSIGN(const records::SystemConfigRecord record, records::DecodeSystemConfig(item));
    config.on_unavailable = record.on_unavailable;
    config.config_version = record.config_version;
  }
  ZAEL_ASSIGN(config.level, DecodeLevel(items, LimitLevel::OfSystem()));
  config.torn = config.level.torn || (config.config_version && !config.level.empty() &&
                                      *config.config_version != config.level.newest_version());
  return config;
}

}  // namespace zael::repository
