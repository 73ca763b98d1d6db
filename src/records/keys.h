// Keys: where every record of a limiter's table lives. The one place that spells key text.
//
// PK and SK as in the layout `ENTITY#{id}` / `#BUCKET#{resource}#{limit}` and so on. Names never
// hold a
// `#`, so a key reads back without ambiguity. Builders do not validate: names are checked at the
// entry points (records/names.h). Attribute names are in records/attributes.h.
#pragma once

#include <zael/store.h>

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace zael::records {

// Prefixes and fixed keys that queries need.
inline constexpr std::string_view kSystemPk = "SYSTEM#";
inline constexpr std::string_view kMetaSk = "#META";
inline constexpr std::string_view kConfigSk = "#CONFIG";
inline constexpr std::string_view kResourcesSk = "#RESOURCES";
inline constexpr std::string_view kVersionSk = "#VERSION";
inline constexpr std::string_view kBucketSkPrefix = "#BUCKET#";
inline constexpr std::string_view kLimitSkPrefix = "#LIMIT#";
inline constexpr std::string_view kUsageSkPrefix = "#USAGE#";
inline constexpr std::string_view kAuditSkPrefix = "#AUDIT#";
inline constexpr std::string_view kChildSkPrefix = "CHILD#";
// Sorts after every character a name may hold: the end of a range of names.
inline constexpr std::string_view kAfterNames = "~";

// Subjects of audit events that are not about one entity.
inline constexpr std::string_view kSystemSubject = "$SYSTEM";
inline constexpr std::string_view kResourceSubjectPrefix = "$RESOURCE:";

// Which bucket: one limit of one entity and resource. Sorts by entity, resource, limit.
struct BucketId {
  std::string entity_id;
  std::string resource;
  std::string limit;

  friend auto operator<=>(const BucketId&, const BucketId&) = default;
};

// One of the places that hold a set of limits. The resource of an entity level may be
// kDefaultResource.
struct LimitLevel {
  std::optional<std::string> entity_id;  // absent: resource or system defaults
  std::optional<std::string> resource;   // absent: system defaults

  static LimitLevel OfEntity(std::string_view entity_id, std::string_view resource);
  static LimitLevel OfResource(std::string_view resource);
  static LimitLevel OfSystem();

  friend bool operator==(const LimitLevel&, const LimitLevel&) = default;
};

std::string EntityPk(std::string_view entity_id);
std::string ResourcePk(std::string_view resource);
std::string AuditPk(std::string_view subject);
std::string ParentPk(std::string_view parent_id);  // GSI1PK of a child
std::string ChildSk(std::string_view child_id);    // GSI1SK of a child
std::string BucketIndexSk(const BucketId& id);     // GSI2SK of a bucket, under ResourcePk
std::string ResourceSubject(std::string_view resource);

// Where the limits of a level are: every SK that begins with the prefix, under the PK.
std::string LevelPk(const LimitLevel& level);
std::string LevelSkPrefix(const LimitLevel& level);

Key MakeKey(std::string_view pk, std::string_view sk);
Key EntityKey(std::string_view entity_id);
Key BucketKey(const BucketId& id);
Key LimitKey(const LimitLevel& level, std::string_view limit);
Key SystemConfigKey();
Key RegistryKey();
Key VersionKey();
Key AuditKey(std::string_view subject, std::string_view event_id);

// The PK and SK of an item: its key without the rest.
Key KeyOf(const Item& item);

// `PK / SK` for messages, shortened.
std::string KeyText(const Item& item_or_key);

// The names inside `ENTITY#{id}` / `#BUCKET#{resource}#{limit}`; absent for any other key.
std::optional<BucketId> ParseBucketKey(const Item& item_or_key);

// The id inside an entity PK; absent for any other PK.
std::optional<std::string> ParseEntityPk(std::string_view pk);

}  // namespace zael::records
