// Judge: what every call of the public API was answered, against what it really did to the store.
//
// The recording store tells the judge of each change together with the call that made it. A granted
// call must have booked exactly its amounts, once per bucket; a denied or refused one nothing; one
// with an unknown outcome all or nothing. A denial must be one that the stored state of some moment
// during the call explains. At the end BucketAudit judges the writes themselves.
#pragma once

#include <zael/decision.h>
#include <zael/limit.h>
#include <zael/store.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/bucket_audit.h"

namespace zael::simulation {

// Millitokens booked per bucket name; no zeros.
using Bookings = std::map<std::string, std::int64_t>;

// One call of the public API, from its start to its answer.
struct Call {
  std::string what;    // for findings
  std::size_t id = 0;  // no two are the same
  int client = 0;
  Intent intent = Intent::kAcquire;
  std::int64_t begin_ms = 0;        // on the client's clock
  std::size_t begin_write = 0;      // the length of the log when it began
  std::vector<std::size_t> writes;  // its own, as places in the log
  bool changes_configuration = false;
  bool lost_an_answer = false;  // of a write: it may have been made, or be going to
};

// The limits a call was resolved to, and whether that is certain (no configuration change is
// recent).
struct Resolved {
  std::map<std::string, Limits> of_entity;
  bool certain = false;
};

// Thread-compatible.
class Judge {
 public:
  void Record(const Change& change, Call& call, std::int64_t writer_now_ms);

  Call Begin(std::string what, int client, Intent intent, std::int64_t now_ms);

  // What the call's writes booked.
  Bookings Booked(const Call& call) const;
  // What of it is left: an operator's reset takes with it what was booked before.
  Bookings Left(const Call& call) const;

  // Give-backs to a bucket that was missing during the call may be dropped.
  void ExpectExactly(const Call& call, const Bookings& expected);
  void ExpectAllOrNothing(const Call& call, const Bookings& expected);
  void ExpectNothing(const Call& call);
  // Nothing that is left, but that a bucket may have adopted changed parameters, or have been made
  // sure not to be charged by a lost request.
  void ExpectNoCharge(const Call& call);
  // The writes of the call from `first` on came after its answer. `open`: the answer left it open
  // whether `whole` was booked. Nothing may be booked that was answered, or twice, or in part.
  void ExpectLateWrites(const Call& call, std::size_t first, bool open, const Bookings& whole);
  void ExpectExplained(const Call& call, const Decision& decision, const Resolved& resolved);

  // Dates the call's writes by what its decision said.
  void Date(const Call& call, const std::vector<LimitStatus>& statuses);

  bool WasMissing(const std::string& bucket, const Call& call) const;

  void Find(const Call& call, const std::string& what);

  // Everything that broke, with the audit of all writes.
  std::vector<std::string> Finish();

 private:
  using State = std::optional<BucketImage>;

  bool WasReset(std::size_t place) const;
  bool WasRemoved(const std::string& bucket, const Call& call) const;
  Bookings Sum(const std::vector<std::size_t>& places) const;
  std::vector<State> StatesDuring(const std::string& bucket, const Call& call) const;
  bool Explains(const LimitStatus& status, const Call& call, const Limits& limits) const;
  void CheckWait(const LimitStatus& status, const Call& call, const Limits& limits);

  std::vector<AuditedWrite> log_;
  std::size_t calls_ = 0;
  std::map<std::string, std::vector<std::pair<std::size_t, State>>> states_;
  std::vector<std::string> findings_;
};

std::string ToText(const Bookings& bookings);

}  // namespace zael::simulation
