// Attribute names and text values of every record, spelled once.
//
// A usage record keeps one number per limit name beside its own attributes, so limit/names.h
// refuses those as limit names; a test here holds the two lists together.
#pragma once

#include <string_view>

namespace zael::records {

inline constexpr std::string_view kPk = "PK";
inline constexpr std::string_view kSk = "SK";
inline constexpr std::string_view kGsi1 = "GSI1";
inline constexpr std::string_view kGsi1Pk = "GSI1PK";
inline constexpr std::string_view kGsi1Sk = "GSI1SK";
inline constexpr std::string_view kGsi2 = "GSI2";
inline constexpr std::string_view kGsi2Pk = "GSI2PK";
inline constexpr std::string_view kGsi2Sk = "GSI2SK";
inline constexpr std::string_view kTtl = "ttl";

inline constexpr std::string_view kEntityId = "entity_id";
inline constexpr std::string_view kResource = "resource";
inline constexpr std::string_view kLimitName = "limit_name";

// Entity.
inline constexpr std::string_view kName = "name";
inline constexpr std::string_view kParentId = "parent_id";
inline constexpr std::string_view kCascade = "cascade";
inline constexpr std::string_view kMetadata = "metadata";
inline constexpr std::string_view kCreatedAt = "created_at";

// Bucket.
inline constexpr std::string_view kTokensMilli = "tokens_milli";
inline constexpr std::string_view kLastRefillMs = "last_refill_ms";
inline constexpr std::string_view kCapacityMilli = "capacity_milli";
inline constexpr std::string_view kBurstMilli = "burst_milli";
inline constexpr std::string_view kRefillAmountMilli = "refill_amount_milli";
inline constexpr std::string_view kRefillPeriodMs = "refill_period_ms";
inline constexpr std::string_view kTotalConsumedMilli = "total_consumed_milli";
inline constexpr std::string_view kWriteId =
    "write_id";  // +: nonce of the operation that wrote last
inline constexpr std::string_view kWriteEpoch =
    "write_epoch";  // +: only writes that were sent under this number may still apply; absent: 0

// Limit.
inline constexpr std::string_view kCapacity = "capacity";
inline constexpr std::string_view kBurst = "burst";
inline constexpr std::string_view kRefillAmount = "refill_amount";
inline constexpr std::string_view kRefillPeriodSeconds = "refill_period_seconds";
inline constexpr std::string_view kConfigVersion = "config_version";

// System config and registry.
inline constexpr std::string_view kOnUnavailable = "on_unavailable";
inline constexpr std::string_view kAllowText = "allow";
inline constexpr std::string_view kBlockText = "block";
inline constexpr std::string_view kResources = "resources";

// Version.
inline constexpr std::string_view kSchemaVersion = "schema_version";
inline constexpr std::string_view kLambdaVersion = "lambda_version";
inline constexpr std::string_view kClientMinVersion = "client_min_version";
inline constexpr std::string_view kUpdatedAt = "updated_at";
inline constexpr std::string_view kUpdatedBy = "updated_by";

// Audit.
inline constexpr std::string_view kEventId = "event_id";
inline constexpr std::string_view kTimestamp = "timestamp";
inline constexpr std::string_view kAction = "action";
inline constexpr std::string_view kPrincipal = "principal";
inline constexpr std::string_view kDetails = "details";

// Usage.
inline constexpr std::string_view kWindow = "window";
inline constexpr std::string_view kWindowStart = "window_start";
inline constexpr std::string_view kTotalEvents = "total_events";

// Audit actions.
inline constexpr std::string_view kEntityCreated = "entity_created";
inline constexpr std::string_view kEntityUpdated = "entity_updated";
inline constexpr std::string_view kEntityDeleted = "entity_deleted";
inline constexpr std::string_view kLimitsSet = "limits_set";
inline constexpr std::string_view kLimitsDeleted = "limits_deleted";
inline constexpr std::string_view kBucketsReset = "buckets_reset";

// What a usage record needs for itself.
inline constexpr std::string_view kUsageAttributes[] = {
    kPk, kSk, kGsi2Pk, kGsi2Sk, kEntityId, kResource, kWindow, kWindowStart, kTotalEvents, kTtl};

}  // namespace zael::records
