// Limit records: one item per limit of a level, in whole tokens.
//
// All items of a level carry the same config_version; a reader that finds different ones has read
// in the middle of a change (repository/resolve.h).
#pragma once

#include <zael/limit.h>
#include <zael/result.h>
#include <zael/value.h>

#include <cstdint>

#include "records/keys.h"

namespace zael::records {

struct LimitRecord {
  Limit limit;
  std::int64_t config_version = 0;  // 0: written without one

  friend bool operator==(const LimitRecord&, const LimitRecord&) = default;
};

Item EncodeLimit(const LimitLevel& level, const LimitRecord& record);

// Errors: kDataLoss naming the key: an attribute missing or malformed, limit_name not the one of
// the key, or a limit that Limit::Validate refuses.
Result<LimitRecord> DecodeLimit(const Item& item);

// Whether an item of a configuration query is a limit record, by its key.
bool IsLimitRecord(const Item& item);

}  // namespace zael::records
