#include "repository/level_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "records/attributes.h"
#include "records/system_records.h"

namespace zael::repository {
namespace {

using namespace records;  // NOLINT: keys and attribute names

// The item still is of the version it was read with; 0 stands for one written without.
Condition VersionIs(std::int64_t version) {
  if (version != 0) return Equal(kConfigVersion, version);
  return All(
      {Exists(kPk), Any({NotExists(kConfigVersion), Equal(kConfigVersion, std::int64_t{0})})});
}

bool Names(const Limits& limits, std::string_view name) {
  return std::any_of(limits.begin(), limits.end(),
                     [&](const Limit& limit) { return limit.name == name; });
}

const LimitRecord* FindRecord(const LevelRecords& level, std::string_view name) {
  for (const LimitRecord& record : level.records) {
    if (record.limit.name == name) return &record;
  }
  return nullptr;
}

AuditEntry EntryOf(const LimitLevel& level, const LevelContent& content,
                   const LevelSnapshot& seen) {
  AuditEntry entry{.subject = std::string(kSystemSubject),
                   .action = content.remove ? kLimitsDeleted : kLimitsSet,
                   .resource = level.resource,
                   .details = {}};
  if (level.entity_id) {
    entry.subject = *level.entity_id;
  } else if (level.resource) {
    entry.subject = ResourceSubject(*level.resource);
  }
  std::string shown;
  for (const Limit& limit : content.remove ? seen.level.limits() : content.limits) {
    shown += (shown.empty() ? "" : ", ") + limit.ToText();
  }
  entry.details.emplace("limits", std::move(shown));
  if (content.on_unavailable)
    entry.details.emplace(kOnUnavailable, OnUnavailableText(*content.on_unavailable));
  return entry;
}

// Puts of the new names, deletes of the names that are no more, and the system's config record.
std::vector<TransactItem> LevelWrites(const std::string& table, const LimitLevel& level,
                                      const LevelContent& content, const LevelSnapshot& seen) {
  const std::int64_t version = seen.newest_version() + 1;
  std::vector<TransactItem> writes;
  for (const Limit& limit : content.limits) {
    const LimitRecord* record = FindRecord(seen.level, limit.name);
    writes.push_back(
        PutRequest{.table = table,
                   .item = EncodeLimit(level, {.limit = limit, .config_version = version}),
                   .condition = record ? VersionIs(record->config_version) : NotExists(kPk)});
  }
  for (const LimitRecord& record : seen.level.records) {
    if (Names(content.limits, record.limit.name)) continue;
    writes.push_back(DeleteRequest{.table = table,
                                   .key = LimitKey(level, record.limit.name),
                                   .condition = VersionIs(record.config_version)});
  }
  if (level.resource) return writes;
  const Condition as_seen = seen.config_version ? VersionIs(*seen.config_version) : NotExists(kPk);
  if (!content.remove) {
    const SystemConfigRecord record{.on_unavailable = content.on_unavailable,
                                    .config_version = version};
    writes.push_back(
        PutRequest{.table = table, .item = EncodeSystemConfig(record), .condition = as_seen});
  } else if (seen.config_version) {
    writes.push_back(DeleteRequest{.table = table, .key = SystemConfigKey(), .condition = as_seen});
  }
  return writes;
}

}  // namespace

std::string DescribeLevel(const LimitLevel& level) {
  if (level.entity_id) {
    return Format("limits of entity {} for resource {}", Shorten(*level.entity_id),
                  Shorten(*level.resource));
  }
  if (level.resource) return Format("defaults of resource {}", Shorten(*level.resource));
  return "system defaults";
}

std::int64_t LevelSnapshot::newest_version() const {
  return std::max(level.newest_version(), config_version.value_or(0));
}

Result<LevelSnapshot> LevelStore::ReadOnce(const LimitLevel& level) {
  ZAEL_ASSIGN(const std::vector<Item> items,
              session_.QueryAll(LevelQuery(session_.table(), level)));
  LevelSnapshot snapshot;
  if (level.resource) {
    ZAEL_ASSIGN(snapshot.level, DecodeLevel(items, level));
    snapshot.torn = snapshot.level.torn;
    return snapshot;
  }
  ZAEL_ASSIGN(SystemConfig config, repository::DecodeSystemConfig(items));
  return LevelSnapshot{.level = std::move(config.level),
                       .on_unavailable = config.on_unavailable,
                       .config_version = config.config_version,
                       .torn = config.torn};
}

Result<LevelSnapshot> LevelStore::Read(const LimitLevel& level) {
  for (int reading = 1;; ++reading) {
    ZAEL_ASSIGN(LevelSnapshot snapshot, ReadOnce(level));
    if (!snapshot.torn || reading == kTornReadings) return snapshot;
  }
}

// The registry lists exactly the resources with defaults. That the resource is listed as it was
// seen also guards against another administrator who fills the same empty level.
Status LevelStore::AddRegistryWrite(const std::string& resource, bool remove,
                                    std::vector<TransactItem>& writes) {
  ZAEL_ASSIGN(const std::optional<Item> registry, session_.Get(RegistryKey()));
  std::vector<std::string> listed;
  if (registry) {
    ZAEL_ASSIGN(listed, DecodeRegistry(*registry));
  }
  const bool is_listed = std::find(listed.begin(), listed.end(), resource) != listed.end();
  Condition contains{Contains{Path(kResources), Value(resource)}};
  Condition as_seen = is_listed ? std::move(contains) : Negate(std::move(contains));
  const Value member(StringSet{{resource}});
  if (remove && !is_listed) {
    writes.push_back(CheckRequest{session_.table(), RegistryKey(), std::move(as_seen)});
    return {};
  }
  writes.push_back(
      UpdateRequest{.table = session_.table(),
                    .key = RegistryKey(),
                    .condition = std::move(as_seen),
                    .actions = {remove ? UpdateAction(DeleteAction{Path(kResources), member})
                                       : AddTo(kResources, member)}});
  return {};
}

Result<Attempt> LevelStore::TryReplace(const LimitLevel& level, const LevelContent& content) {
  ZAEL_ASSIGN(const LevelSnapshot seen, Read(level));
  if (content.remove && seen.empty()) {
    return Error(ErrorCode::kNotFound, Format("delete {}: there are none", DescribeLevel(level)));
  }
  std::vector<TransactItem> writes = LevelWrites(session_.table(), level, content, seen);
  if (level.resource && !level.entity_id) {
    ZAEL_TRY(AddRegistryWrite(*level.resource, content.remove, writes));
  }
  ZAEL_ASSIGN(const TransactOutcome outcome,
              session_.Commit(std::move(writes), EntryOf(level, content, seen)));
  if (!outcome.applied) return Attempt::kLostRace;
  if (!seen.empty() || content.remove) return Attempt::kDone;
  ZAEL_ASSIGN(const bool mixture, IsMixture(level, content, seen.newest_version() + 1));
  return mixture ? Attempt::kLostRace : Attempt::kDone;
}

Result<bool> LevelStore::IsMixture(const LimitLevel& level, const LevelContent& content,
                                   std::int64_t version) {
  const Result<LevelSnapshot> now = Read(level);
  if (!now.ok())
    return false;  // the change is stored; whether somebody changed it too is a later reader's to
                   // say
  if (now->torn) return true;
  if (now->newest_version() != version) return false;  // replaced or removed since, as a whole
  return std::any_of(
      now->level.records.begin(), now->level.records.end(),
      [&](const LimitRecord& record) { return !Names(content.limits, record.limit.name); });
}

Status LevelStore::Replace(const LimitLevel& level, const LevelContent& content) {
  const std::string_view verb = content.remove ? "delete" : "set";
  return session_.Retry(Format("{} {}", verb, DescribeLevel(level)),
                        [&] { return TryReplace(level, content); });
}

}  // namespace zael::repository
