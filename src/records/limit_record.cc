#include "records/limit_record.h"

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "records/attributes.h"
#include "records/fields.h"

namespace zael::records {
namespace {

std::string_view SkOf(const Item& item) {
  const Value* sk = item.Find(kSk);
  const std::string* text = sk == nullptr ? nullptr : sk->As<std::string>();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

}  // namespace

Item EncodeLimit(const LimitLevel& level, const LimitRecord& record) {
  const Limit& limit = record.limit;
  Item item = LimitKey(level, limit.name);
  if (level.entity_id) item.Set(kEntityId, *level.entity_id);
  if (level.resource) item.Set(kResource, *level.resource);
  item.Set(kLimitName, limit.name);
  item.Set(kCapacity, limit.capacity);
  item.Set(kBurst, limit.burst);
  item.Set(kRefillAmount, limit.refill_amount);
  item.Set(kRefillPeriodSeconds, static_cast<std::int64_t>(limit.refill_period.count()));
  item.Set(kConfigVersion, record.config_version);
  return item;
}

bool IsLimitRecord(const Item& item) { return SkOf(item).starts_with(kLimitSkPrefix); }

Result<LimitRecord> DecodeLimit(const Item& item) {
  const FieldReader fields("limit", item);
  LimitRecord record;
  Limit& limit = record.limit;
  ZAEL_ASSIGN(limit.name, fields.Text(kLimitName));
  ZAEL_ASSIGN(limit.capacity, fields.Integer(kCapacity));
  ZAEL_ASSIGN(limit.burst, fields.Integer(kBurst));
  ZAEL_ASSIGN(limit.refill_amount, fields.Integer(kRefillAmount));
  ZAEL_ASSIGN(const std::int64_t seconds, fields.Integer(kRefillPeriodSeconds));
  limit.refill_period = std::chrono::seconds(seconds);
  ZAEL_ASSIGN(const std::optional<std::int64_t> version, fields.OptionalInteger(kConfigVersion));
  record.config_version = version.value_or(0);
  const std::string_view sk = SkOf(item);
  if (sk.substr(sk.rfind('#') + 1) != limit.name) {
    return fields.Malformed(
        Format("{} is {}, not the name in the key", kLimitName, Shorten(limit.name)));
  }
  if (const Status valid = limit.Validate(); !valid.ok())
    return fields.Malformed(valid.error().message());
  return record;
}

}  // namespace zael::records
