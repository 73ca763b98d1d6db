// BucketAudit: judges every write a bucket ever saw, from the change feed's old and new images
// alone.
//
// Two independent checks. Step: each write credits at most rate x elapsed, loses less than 1 ms
// worth, never lifts a balance above burst, and books exactly what it took. Greedy: a bucket in
// exact rational arithmetic, refilled at every write's own moment and charged what the write took,
// must never be overdrawn by a grant; that is the same as "granted <= burst + rate x t for every
// interval". Changed parameters hold from the bucket's time of the write that brought them; what
// was answered before it with a later time counts as taken at that moment. It knows nothing of the
// library's arithmetic, so the two cannot share a mistake. Design: semantics.md, section 1.
#pragma once

#include <zael/result.h>
#include <zael/store.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace zael::simulation {

// A bucket item as the audit reads it; times in epoch ms.
struct BucketImage {
  std::int64_t tokens_milli = 0;
  std::int64_t last_refill_ms = 0;
  std::int64_t burst_milli = 0;
  std::int64_t refill_amount_milli = 0;
  std::int64_t refill_period_ms = 1;
  __int128 consumed_milli = 0;  // up to 38 digits
  std::optional<std::int64_t> ttl_seconds;

  bool SameLimit(const BucketImage& other) const;
};

// Absent when the item lacks a bucket attribute or has one of the wrong type.
std::optional<BucketImage> ReadBucketImage(const Item& item);

// "ENTITY#a|#BUCKET#api#rpm"; absent for the key of another record.
std::optional<std::string> BucketName(const Key& key);
std::string BucketName(const std::string& entity, const std::string& resource,
                       const std::string& limit);

// A write that keeps a lost one off (records/bucket_record.h): it moves the epoch of a bucket by
// one and nothing else, or makes a missing bucket full, under an epoch.
bool IsFence(const Change& change);

// The exact balance after refill to `now_ms`, rounded down to millitokens.
std::int64_t BalanceAt(const BucketImage& image, std::int64_t now_ms);

// What one whole step of refill is worth: the most a change of parameters may lose.
std::int64_t StepMilli(const BucketImage& image);

// What the writer was doing, which decides what the write may do.
enum class Intent {
  kAcquire,     // may take only what is there
  kCorrection,  // adjust, release, rollback: may take more, may give back
  kReset,       // an operator emptied the bucket's history: it comes back full
  kExpiry,      // the store deleted it past its ttl: must not forgive anything
};

struct AuditedWrite {
  Change change;
  Intent intent = Intent::kAcquire;
  // The latest moment the writer can have meant: its own clock when the write was made.
  std::int64_t writer_now_ms = 0;
  // The moment the answered decision named, when there is one.
  std::optional<std::int64_t> as_of_ms;
};

// Thread-compatible.
class BucketAudit {
 public:
  // Writes of every bucket, in the order of the feed. Writes of other records are ignored.
  void Observe(const AuditedWrite& write);

  // What broke, in order; empty when nothing did. Stops growing at kMaxFindings.
  const std::vector<std::string>& findings() const { return findings_; }

  static constexpr std::size_t kMaxFindings = 20;

 private:
  // Level in units of 1/period millitokens.
  struct Greedy {
    BucketImage limit;
    __int128 level = 0;
    std::int64_t at_ms = 0;
  };

  void CheckInsert(const std::string& name, const AuditedWrite& write, const BucketImage& now);
  void CheckStep(const std::string& name, const AuditedWrite& write, const BucketImage& before,
                 const BucketImage& after);
  void CheckCredit(const std::string& name, const BucketImage& before, const BucketImage& after,
                   __int128 credit);
  void RunGreedy(const std::string& name, const AuditedWrite& write, const BucketImage* before,
                 const BucketImage& after);
  static void GoBack(Greedy& greedy, std::int64_t at_ms);
  static void TakeLimit(Greedy& greedy, const BucketImage& limit, bool was_missing);
  void Find(const std::string& name, const AuditedWrite* write, const std::string& what);

  std::map<std::string, Greedy> greedy_;
  std::vector<std::string> findings_;
};

}  // namespace zael::simulation
