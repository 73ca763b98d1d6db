// LoadLedger: what the load was told, held against what the store has after a crash.
//
// Every acknowledged call is in the counters of its buckets, exactly once; of the calls under way
// each is there whole, in the child and the parent, or not at all. The history checker judges the
// grants of all lives together.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "testing/history_checker.h"
#include "tests/integration/crash/limiter_load.h"

namespace zael::crash {

// Thread-compatible.
class LoadLedger {
 public:
  LoadLedger();

  // The events of one thread in their order.
  void Take(const LoadEvent& event);

  // After the end of the program: what is wrong with the store, else empty. Calls under way are
  // settled by what it shows; give-backs among them count until `now_ms`.
  std::string Settle(Repository& repository, std::int64_t now_ms);

  // Empty when no grant of any life was too much.
  std::string FindOverAdmissions() const;

  std::uint64_t granted() const { return granted_; }
  std::uint64_t refused() const { return refused_; }
  std::uint64_t corrected() const { return corrected_; }

 private:
  using Totals = std::array<std::int64_t, kLoadBuckets>;

  bool IsExplained(const Totals& unexplained) const;

  testing::HistoryChecker history_;
  Totals booked_{};                               // whole tokens, of every acknowledged call
  std::map<std::uint32_t, LoadEvent> under_way_;  // by thread
  std::uint64_t granted_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t corrected_ = 0;
};

}  // namespace zael::crash
