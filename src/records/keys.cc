#include "records/keys.h"

#include "base/check.h"
#include "base/format.h"
#include "base/text.h"
#include "records/attributes.h"

namespace zael::records {
namespace {

constexpr std::string_view kEntityPkPrefix = "ENTITY#";
constexpr std::string_view kResourcePkPrefix = "RESOURCE#";
constexpr std::string_view kAuditPkPrefix = "AUDIT#";
constexpr std::string_view kParentPkPrefix = "PARENT#";

std::string Join(std::string_view prefix, std::string_view rest) {
  std::string text;
  text.reserve(prefix.size() + rest.size());
  text += prefix;
  text += rest;
  return text;
}

std::string_view TextOf(const Item& item, std::string_view name) {
  const Value* value = item.Find(name);
  const std::string* text = value == nullptr ? nullptr : value->As<std::string>();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

}  // namespace

LimitLevel LimitLevel::OfEntity(std::string_view entity_id, std::string_view resource) {
  return {std::string(entity_id), std::string(resource)};
}

LimitLevel LimitLevel::OfResource(std::string_view resource) {
  return {std::nullopt, std::string(resource)};
}

LimitLevel LimitLevel::OfSystem() { return {}; }

std::string EntityPk(std::string_view entity_id) { return Join(kEntityPkPrefix, entity_id); }
std::string ResourcePk(std::string_view resource) { return Join(kResourcePkPrefix, resource); }
std::string AuditPk(std::string_view subject) { return Join(kAuditPkPrefix, subject); }
std::string ParentPk(std::string_view parent_id) { return Join(kParentPkPrefix, parent_id); }
std::string ChildSk(std::string_view child_id) { return Join(kChildSkPrefix, child_id); }
std::string BucketIndexSk(const BucketId& id) {
  return Format("BUCKET#{}#{}", id.entity_id, id.limit);
}
std::string ResourceSubject(std::string_view resource) {
  return Join(kResourceSubjectPrefix, resource);
}

std::string LevelPk(const LimitLevel& level) {
  if (level.entity_id) return EntityPk(*level.entity_id);
  if (level.resource) return ResourcePk(*level.resource);
  return std::string(kSystemPk);
}

std::string LevelSkPrefix(const LimitLevel& level) {
  if (!level.entity_id) return std::string(kLimitSkPrefix);
  CHECK(level.resource.has_value());
  return Format("{}{}#", kLimitSkPrefix, *level.resource);
}

Key MakeKey(std::string_view pk, std::string_view sk) {
  Key key;
  key.Reserve(2);
  key.Append(std::string(kPk), Value(pk));
  key.Append(std::string(kSk), Value(sk));
  return key;
}

Key EntityKey(std::string_view entity_id) { return MakeKey(EntityPk(entity_id), kMetaSk); }

Key BucketKey(const BucketId& id) {
  std::string sk;
  sk.reserve(kBucketSkPrefix.size() + id.resource.size() + 1 + id.limit.size());
  sk.append(kBucketSkPrefix).append(id.resource).append(1, '#').append(id.limit);
  return MakeKey(EntityPk(id.entity_id), sk);
}

Key LimitKey(const LimitLevel& level, std::string_view limit) {
  return MakeKey(LevelPk(level), LevelSkPrefix(level).append(limit));
}

Key SystemConfigKey() { return MakeKey(kSystemPk, kConfigSk); }
Key RegistryKey() { return MakeKey(kSystemPk, kResourcesSk); }
Key VersionKey() { return MakeKey(kSystemPk, kVersionSk); }

Key AuditKey(std::string_view subject, std::string_view event_id) {
  return MakeKey(AuditPk(subject), Join(kAuditSkPrefix, event_id));
}

Key KeyOf(const Item& item) { return MakeKey(TextOf(item, kPk), TextOf(item, kSk)); }

std::string KeyText(const Item& item_or_key) {
  return Format("{} / {}", Shorten(TextOf(item_or_key, kPk)), Shorten(TextOf(item_or_key, kSk)));
}

std::optional<BucketId> ParseBucketKey(const Item& item_or_key) {
  std::optional<std::string> entity_id = ParseEntityPk(TextOf(item_or_key, kPk));
  std::string_view sk = TextOf(item_or_key, kSk);
  if (!entity_id || !sk.starts_with(kBucketSkPrefix)) return std::nullopt;
  sk.remove_prefix(kBucketSkPrefix.size());
  const std::size_t mark = sk.find('#');
  if (mark == std::string_view::npos || sk.find('#', mark + 1) != std::string_view::npos)
    return std::nullopt;
  return BucketId{*std::move(entity_id), std::string(sk.substr(0, mark)),
                  std::string(sk.substr(mark + 1))};
}

std::optional<std::string> ParseEntityPk(std::string_view pk) {
  if (!pk.starts_with(kEntityPkPrefix)) return std::nullopt;
  return std::string(pk.substr(kEntityPkPrefix.size()));
}

}  // namespace zael::records
