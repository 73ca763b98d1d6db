// HistoryChecker: proves from a history of grants that no bucket ever gave more than burst + rate x
// t.
//
// It replays the history of each bucket through the most generous bucket there can be, with exact
// fractions: that bucket goes below zero if and only if some interval holds more grants than I1 of
// semantics.md allows. Clients report what they were told; nothing is taken from the store under
// test.
#pragma once

#include <zael/limit.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace zael::testing {

enum class HistoryKind {
  kGrant,     // an acquire or consume that was granted: must have been covered
  kCharge,    // an upward adjust: may create debt, which later refill repays
  kGiveBack,  // a release, downward adjust or rollback
};

// One answer a client received. Amount in whole tokens, times in epoch milliseconds.
struct HistoryEvent {
  HistoryKind kind = HistoryKind::kGrant;
  std::int64_t tokens = 0;
  // It happened somewhere between the two: a grant from its LimitStatus::as_of, a correction from
  // when the call began, until the call was answered.
  std::int64_t from_ms = 0;
  std::int64_t until_ms = 0;
};

struct OverAdmission {
  std::string bucket;
  std::int64_t at_ms = 0;
  std::int64_t excess_milli = 0;  // how far below zero the grant took the generous bucket
};

// Thread-compatible: collect per thread and Merge.
class HistoryChecker {
 public:
  // The limit of `bucket` from `from_ms` on. The first one also holds before. A bucket without is
  // not checked.
  void SetLimit(const std::string& bucket, const Limit& limit, std::int64_t from_ms);

  // A transaction does not show the bucket it was granted from: another write may have refilled it
  // after `as_of_ms`, though before the answer at `until_ms`. Without one, as_of_ms is exact.
  void Grant(const std::string& bucket, std::int64_t tokens, std::int64_t as_of_ms,
             std::optional<std::int64_t> until_ms = std::nullopt);

  // delta > 0 charges, delta < 0 gives back. For a charge `from_ms` is best the as_of of the grant
  // it corrects: no bucket books it earlier, and then concurrent calls cannot be blamed for each
  // other.
  void Adjust(const std::string& bucket, std::int64_t delta, std::int64_t from_ms,
              std::int64_t until_ms);

  void Merge(const HistoryChecker& other);

  // Every grant that was too much, by bucket and time; empty when I1 holds.
  std::vector<OverAdmission> FindOverAdmissions() const;

 private:
  struct LimitFrom {
    std::int64_t from_ms;
    Limit limit;
  };
  struct History {
    std::vector<LimitFrom> limits;
    std::vector<HistoryEvent> events;
  };

  std::map<std::string, History> buckets_;
};

}  // namespace zael::testing
