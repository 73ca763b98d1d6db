#include "records/bucket_record.h"

#include <algorithm>

#include "base/format.h"
#include "base/try.h"
#include "records/attributes.h"
#include "records/fields.h"

namespace zael::records {
namespace {

constexpr std::int64_t kDayMs = 24 * 3600 * std::int64_t{1000};
constexpr std::int64_t kTimesToFull = 7;
constexpr std::int64_t kLastEpoch = std::int64_t{1} << 62;  // there is always a next one
constexpr std::int64_t kLastTimeMs = 253'402'300'799'999;   // the end of the year 9999

}  // namespace

Item EncodeBucket(const BucketId& id, const BucketRecord& record) {
  const auto& [params, balance] = record.state;
  Item item = BucketKey(id);
  item.Reserve(17);
  item.Set(kGsi2Pk, ResourcePk(id.resource));
  item.Set(kGsi2Sk, BucketIndexSk(id));
  item.Set(kEntityId, id.entity_id);
  item.Set(kResource, id.resource);
  item.Set(kLimitName, id.limit);
  item.Set(kTokensMilli, balance.tokens_milli);
  item.Set(kLastRefillMs, balance.last_refill_ms);
  item.Set(kCapacityMilli, params.capacity_milli);
  item.Set(kBurstMilli, params.burst_milli);
  item.Set(kRefillAmountMilli, params.refill_amount_milli);
  item.Set(kRefillPeriodMs, params.refill_period_ms);
  item.Set(kTotalConsumedMilli, record.total_consumed_milli);
  if (record.ttl_seconds) item.Set(kTtl, *record.ttl_seconds);
  if (record.write_id) item.Set(kWriteId, *record.write_id);
  if (record.write_epoch) item.Set(kWriteEpoch, *record.write_epoch);
  return item;
}

Result<BucketBalance> DecodeBalance(const Item& item) {
  const FieldReader fields("bucket", item);
  BucketBalance balance;
  ZAEL_ASSIGN(balance.tokens_milli, fields.Integer(kTokensMilli));
  ZAEL_ASSIGN(balance.last_refill_ms, fields.Integer(kLastRefillMs));
  if (balance.last_refill_ms < 0 || balance.last_refill_ms > kLastTimeMs) {
    return fields.Malformed(Format("{} is {}, not a time", kLastRefillMs, balance.last_refill_ms));
  }
  return balance;
}

Result<BucketRecord> DecodeBucket(const Item& item) {
  const FieldReader fields("bucket", item);
  BucketRecord record;
  ZAEL_ASSIGN(record.state.balance, DecodeBalance(item));
  BucketParams& params = record.state.params;
  ZAEL_ASSIGN(params.capacity_milli, fields.PositiveInteger(kCapacityMilli));
  ZAEL_ASSIGN(params.burst_milli, fields.PositiveInteger(kBurstMilli));
  ZAEL_ASSIGN(params.refill_amount_milli, fields.PositiveInteger(kRefillAmountMilli));
  ZAEL_ASSIGN(params.refill_period_ms, fields.PositiveInteger(kRefillPeriodMs));
  ZAEL_ASSIGN(record.total_consumed_milli, fields.NumberOr(kTotalConsumedMilli, Number()));
  ZAEL_ASSIGN(record.ttl_seconds, fields.OptionalInteger(kTtl));
  ZAEL_ASSIGN(record.write_id, fields.OptionalInteger(kWriteId));
  ZAEL_ASSIGN(record.write_epoch, fields.OptionalInteger(kWriteEpoch));
  if (record.write_epoch && (*record.write_epoch < 0 || *record.write_epoch > kLastEpoch)) {
    return fields.Malformed(Format("{} is {}, not a count", kWriteEpoch, *record.write_epoch));
  }
  if (!IsValid(params)) return fields.Malformed("its parameters are not those of a valid limit");
  return record;
}

std::int64_t BucketExpirySeconds(const BucketState& state, std::int64_t now_ms) {
  const std::int64_t full_ms = TimeToFullMs(state.params, state.balance, now_ms);
  const __int128 wait_ms =
      std::max<__int128>(kDayMs, static_cast<__int128>(full_ms) * kTimesToFull);
  const __int128 expiry_ms = std::min<__int128>(now_ms + wait_ms, kLastTimeMs);
  return static_cast<std::int64_t>((expiry_ms + 999) / 1000);
}

}  // namespace zael::records
