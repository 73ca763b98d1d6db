// ChaosLedger: what callers were told about the buckets, to be held against what the store has.
//
// What was acknowledged is in a bucket exactly once; what was reported as "may have happened" is
// there whole or not at all; everything else is not there.
#pragma once

#include <zael/decision.h>
#include <zael/limit.h>
#include <zael/result.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "testing/history_checker.h"

namespace zael::dynamo {

// Times in epoch milliseconds. Thread-safe.
class ChaosLedger {
 public:
  void SetLimit(const std::string& bucket, const Limit& limit);

  // `bucket` is BucketOf its entity and limit.
  static std::string BucketOf(const std::string& entity, const std::string& limit);

  void TakeGrant(const std::vector<LimitStatus>& statuses, std::int64_t until_ms);
  void TakeDenial();
  // Signed: what a call that failed would have charged (> 0) or given back (< 0).
  void TakeFailure(const std::string& entity, const Amounts& amounts, const Error& error,
                   std::int64_t from_ms);
  void TakeRollback(const std::string& entity, const Amounts& amounts, std::int64_t from_ms,
                    std::int64_t until_ms);

  // Whether `consumed` whole tokens can be what the bucket's counter says after all that.
  bool Explains(const std::string& bucket, std::int64_t consumed) const;
  std::string ToText(const std::string& bucket) const;

  // No grant was too much, whatever became of the unknown give-backs until `now_ms`.
  std::vector<testing::OverAdmission> FindOverAdmissions(std::int64_t now_ms) const;

  std::uint64_t granted() const { return granted_; }
  std::uint64_t denied() const { return denied_; }
  std::uint64_t unknown() const { return unknown_; }
  std::uint64_t failed() const { return failed_; }

 private:
  struct Unknown {
    std::int64_t tokens;
    std::int64_t from_ms;
  };
  struct Account {
    std::int64_t booked = 0;
    std::vector<Unknown> unknown;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Account> accounts_;
  testing::HistoryChecker history_;
  std::uint64_t granted_ = 0;
  std::uint64_t denied_ = 0;
  std::uint64_t unknown_ = 0;  // calls
  std::uint64_t failed_ = 0;   // calls that surely did nothing
};

}  // namespace zael::dynamo
