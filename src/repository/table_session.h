// TableSession: one limiter's table as the facets use it: paged reads, transactions with their
// audit event, retries of lost races, and the observers of this process.
//
// Every change goes through Commit in one transaction with its audit event, so no change goes
// unaudited.
#pragma once

#include <zael/audit.h>
#include <zael/clock.h>
#include <zael/repository.h>
#include <zael/store.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/random.h"

namespace zael::repository {

// How often a change is tried again when another administrator wins the race.
inline constexpr int kMaxAttempts = 24;

enum class Attempt { kDone, kLostRace };

// What an audit event says; the session adds id, time and principal.
struct AuditEntry {
  std::string subject;
  std::string_view action;
  std::optional<std::string> resource;
  std::map<std::string, std::string, std::less<>> details;
};

struct SessionOptions {
  Stores stores;
  std::string table;
  std::shared_ptr<Clock> clock;
  std::uint64_t random_seed = 1;
  std::chrono::hours audit_retention{24 * 90};
  std::optional<std::string> principal;
};

// Thread-safe.
class TableSession {
 public:
  explicit TableSession(SessionOptions options);

  const SessionOptions& options() const { return options_; }
  const std::string& table() const { return options_.table; }
  Clock& clock() { return *options_.clock; }
  RandomSource& random() { return random_; }

  Result<std::optional<Item>> Get(const Key& key);
  // Every page.
  Result<std::vector<Item>> QueryAll(QueryRequest query);
  // One page of at most `max_items` items after the filter, and where to go on. Requires: max_items
  // > 0.
  Result<QueryPage> QuerySome(QueryRequest query, std::size_t max_items);

  // Writes `items` and the audit event, all or nothing. The outcome has one cancellation per item,
  // then one for the event.
  Result<TransactOutcome> Commit(std::vector<TransactItem> items, AuditEntry entry);

  // Runs `attempt` until it is done, with a growing pause after each lost race; kAborted `what`:
  // ... in the end.
  Status Retry(std::string_view what, const std::function<Result<Attempt>()>& attempt);

  void AddObserver(std::weak_ptr<ConfigObserver> observer);
  void Notify(const std::function<void(ConfigObserver&)>& tell);

 private:
  SessionOptions options_;
  SeededRandom random_;
  Mutex mutex_;
  std::vector<std::weak_ptr<ConfigObserver>> observers_ ZAEL_GUARDED_BY(mutex_);
};

// The condition that `name` still is in the item as it was seen: that value, or absent.
Condition AsSeen(const Item& seen, std::string_view name);

// An opaque text for a place in a listing, and back. Errors: kInvalidArgument.
std::string EncodePlace(const Key& key);
Result<Key> DecodePlace(std::string_view text);

}  // namespace zael::repository
