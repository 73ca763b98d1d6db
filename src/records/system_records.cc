#include "records/system_records.h"

#include "base/format.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"
#include "records/attributes.h"
#include "records/fields.h"
#include "records/keys.h"

namespace zael::records {

std::string_view OnUnavailableText(OnUnavailable mode) {
  return mode == OnUnavailable::kAllow ? kAllowText : kBlockText;
}

Item EncodeSystemConfig(const SystemConfigRecord& record) {
  Item item = SystemConfigKey();
  if (record.on_unavailable) item.Set(kOnUnavailable, OnUnavailableText(*record.on_unavailable));
  item.Set(kConfigVersion, record.config_version);
  return item;
}

bool IsSystemConfig(const Item& item) {
  const Value* sk = item.Find(kSk);
  const std::string* text = sk == nullptr ? nullptr : sk->As<std::string>();
  return text != nullptr && *text == kConfigSk;
}

Result<SystemConfigRecord> DecodeSystemConfig(const Item& item) {
  const FieldReader fields("system config", item);
  SystemConfigRecord record;
  ZAEL_ASSIGN(const std::optional<std::string> mode, fields.OptionalText(kOnUnavailable));
  if (mode == kAllowText) {
    record.on_unavailable = OnUnavailable::kAllow;
  } else if (mode == kBlockText) {
    record.on_unavailable = OnUnavailable::kBlock;
  } else if (mode) {
    return fields.Malformed(Format("{} is {}, not allow or block", kOnUnavailable, Shorten(*mode)));
  }
  ZAEL_ASSIGN(const std::optional<std::int64_t> version, fields.OptionalInteger(kConfigVersion));
  record.config_version = version.value_or(0);
  return record;
}

Result<std::vector<std::string>> DecodeRegistry(const Item& item) {
  const Value* value = item.Find(kResources);
  if (value == nullptr) return std::vector<std::string>();
  const auto* set = value->As<StringSet>();
  if (set == nullptr)
    return FieldReader("resource registry", item).Malformed("resources is not a set of text");
  return set->members;
}

Item EncodeVersion(const VersionRecord& record) {
  Item item = VersionKey();
  item.Set(kSchemaVersion, record.schema_version);
  item.Set(kLambdaVersion, TextOrNull(record.lambda_version));
  item.Set(kClientMinVersion, record.client_min_version);
  item.Set(kUpdatedAt, ToUtcText(record.updated_at));
  item.Set(kUpdatedBy, TextOrNull(record.updated_by));
  return item;
}

Result<VersionRecord> DecodeVersion(const Item& item) {
  const FieldReader fields("version", item);
  VersionRecord record;
  ZAEL_ASSIGN(record.schema_version, fields.Text(kSchemaVersion));
  ZAEL_ASSIGN(record.lambda_version, fields.OptionalText(kLambdaVersion));
  ZAEL_ASSIGN(record.client_min_version, fields.Text(kClientMinVersion));
  ZAEL_ASSIGN(record.updated_at, fields.Time(kUpdatedAt));
  ZAEL_ASSIGN(record.updated_by, fields.OptionalText(kUpdatedBy));
  return record;
}

}  // namespace zael::records
