#include "testing/memory_store.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/format.h"
#include "base/mutex.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"
#include "store/evaluate.h"
#include "store/key_codec.h"
#include "store/validate.h"
#include "testing/memory_table.h"

namespace zael::testing {
namespace {

constexpr std::chrono::minutes kTokensKept{10};

}  // namespace

struct MemoryState {
  explicit MemoryState(std::shared_ptr<Clock> c) : clock(std::move(c)) {}

  const std::shared_ptr<Clock> clock;
  Mutex mutex;
  MemoryContents contents ZAEL_GUARDED_BY(mutex);
};

class MemoryStore::Snapshot {
 public:
  explicit Snapshot(MemoryContents contents) : contents_(std::move(contents)) {}
  const MemoryContents& contents() const { return contents_; }

 private:
  const MemoryContents contents_;
};

namespace {

Status CheckDeadline(const Deadline& deadline, Clock& clock) {
  if (!deadline.has_value() || clock.MonotonicNow() < *deadline) return {};
  return Error(ErrorCode::kDeadlineExceeded, "use memory store: the deadline has passed");
}

Result<MemoryTable*> FindTable(MemoryContents& contents, std::string_view name) {
  const auto found = contents.tables.find(name);
  if (found != contents.tables.end()) return &found->second;
  return Error(ErrorCode::kNotFound, Format("find table {}: it does not exist", Shorten(name)));
}

template <typename Request>
Result<WriteOutcome> WriteOne(MemoryState& state, const Request& request) {
  ZAEL_TRY(CheckDeadline(request.deadline, *state.clock));
  const MutexLock lock(state.mutex);
  ZAEL_ASSIGN(MemoryTable * table, FindTable(state.contents, request.table));
  ZAEL_ASSIGN(PlannedWrite plan, Plan(*table, request));
  WriteOutcome outcome{.applied = plan.holds};
  const bool old_wanted = !plan.holds || request.return_item == ReturnItem::kOld;
  if (old_wanted && plan.old != nullptr) outcome.item = *plan.old;
  if (plan.holds && request.return_item == ReturnItem::kNew) outcome.item = plan.updated;
  if constexpr (std::is_same_v<Request, UpdateRequest>) {
    if (plan.holds && request.return_item == ReturnItem::kUpdatedNew && plan.updated.has_value()) {
      outcome.item = store::NamedAttributes(request.actions, *plan.updated);
    }
  }
  if (plan.holds && plan.writes) {
    Perform(plan, ++state.contents.position, state.clock->WallNow(), false);
  }
  return outcome;
}

class MemoryItems final : public ItemStore {
 public:
  explicit MemoryItems(std::shared_ptr<MemoryState> state) : state_(std::move(state)) {}

  Result<std::optional<Item>> Get(const GetRequest& request) override {
    ZAEL_TRY(CheckDeadline(request.deadline, *state_->clock));
    const MutexLock lock(state_->mutex);
    ZAEL_ASSIGN(MemoryTable * table, FindTable(state_->contents, request.table));
    ZAEL_TRY(store::ValidateKey(table->spec.keys, request.key));
    const auto found = table->rows.find(RowKey(*table, request.key));
    return found == table->rows.end() ? std::nullopt : std::optional<Item>(found->second);
  }

  Result<std::vector<Item>> BatchGet(const BatchGetRequest& request) override {
    ZAEL_TRY(CheckDeadline(request.deadline, *state_->clock));
    const MutexLock lock(state_->mutex);
    ZAEL_TRY(store::ValidateBatchGetCount(request.keys.size()));
    ZAEL_ASSIGN(MemoryTable * table, FindTable(state_->contents, request.table));
    std::vector<std::string> rows;
    for (const Key& key : request.keys) {
      ZAEL_TRY(store::ValidateKey(table->spec.keys, key));
      rows.push_back(RowKey(*table, key));
    }
    ZAEL_TRY(store::RefuseDuplicates({rows.begin(), rows.end()}, "get batch"));
    std::vector<Item> items;
    for (const std::string& row : rows) {
      const auto found = table->rows.find(row);
      if (found != table->rows.end()) items.push_back(found->second);
    }
    return items;
  }

  Result<WriteOutcome> Put(const PutRequest& request) override {
    return WriteOne(*state_, request);
  }
  Result<WriteOutcome> Update(const UpdateRequest& request) override {
    return WriteOne(*state_, request);
  }
  Result<WriteOutcome> Delete(const DeleteRequest& request) override {
    return WriteOne(*state_, request);
  }

  Result<TransactOutcome> TransactWrite(const TransactWriteRequest& request) override;

  Result<QueryPage> Query(const QueryRequest& request) override {
    ZAEL_TRY(CheckDeadline(request.deadline, *state_->clock));
    const MutexLock lock(state_->mutex);
    ZAEL_ASSIGN(MemoryTable * table, FindTable(state_->contents, request.table));
    return RunQuery(*table, request);
  }

 private:
  // True: this very transaction was made before.
  Result<bool> Remembered(const std::string& token, const std::string& keys)
      ZAEL_REQUIRES(state_->mutex);

  const std::shared_ptr<MemoryState> state_;
};

Result<bool> MemoryItems::Remembered(const std::string& token, const std::string& keys) {
  auto& tokens = state_->contents.tokens;
  std::erase_if(tokens, [now = state_->clock->MonotonicNow()](const auto& entry) {
    return entry.second.until <= now;
  });
  const auto found = tokens.find(token);
  if (token.empty() || found == tokens.end()) return false;
  if (found->second.keys == keys) return true;
  return Error(ErrorCode::kInvalidArgument,
               Format("write transaction: token {} was used for other items", Shorten(token)));
}

Result<TransactOutcome> MemoryItems::TransactWrite(const TransactWriteRequest& request) {
  ZAEL_TRY(CheckDeadline(request.deadline, *state_->clock));
  ZAEL_TRY(store::ValidateTransactCount(request.items.size()));
  const MutexLock lock(state_->mutex);
  std::vector<PlannedWrite> plans;
  std::vector<std::string> keys;
  for (const TransactItem& item : request.items) {
    ZAEL_ASSIGN(MemoryTable * table, FindTable(state_->contents, store::TableOf(item)));
    ZAEL_ASSIGN(PlannedWrite plan,
                std::visit([&](const auto& member) { return Plan(*table, member); }, item));
    keys.push_back(table->spec.name + '\0' + plan.row);
    plans.push_back(std::move(plan));
  }
  ZAEL_TRY(store::RefuseDuplicates({keys.begin(), keys.end()}, "write transaction"));
  std::string all_keys;
  for (const std::string& key : keys) all_keys += key + '\0';
  ZAEL_ASSIGN(const bool repeated, Remembered(request.token, all_keys));
  TransactOutcome outcome;
  outcome.applied =
      repeated || std::all_of(plans.begin(), plans.end(), [](const auto& p) { return p.holds; });
  if (repeated) return outcome;
  if (!outcome.applied) {
    for (const PlannedWrite& plan : plans) {
      TransactCancellation& reason = outcome.cancellations.emplace_back();
      if (plan.holds) continue;
      reason.reason = CancelReason::kConditionFailed;
      if (plan.old != nullptr) reason.item = *plan.old;
    }
    return outcome;
  }
  const ChangePosition position = ++state_->contents.position;
  const WallTime now = state_->clock->WallNow();
  for (PlannedWrite& plan : plans) {
    if (plan.writes) Perform(plan, position, now, false);
  }
  if (!request.token.empty()) {
    const MonotonicTime until = state_->clock->MonotonicNow() + kTokensKept;
    state_->contents.tokens[request.token] = {std::move(all_keys), until};
  }
  return outcome;
}

TableDescription Describe(const MemoryTable& table) {
  return {.spec = table.spec,
          .id = table.id,
          .created_at = table.created_at,
          .item_count = table.rows.size()};
}

class MemoryTables final : public TableAdmin {
 public:
  explicit MemoryTables(std::shared_ptr<MemoryState> state) : state_(std::move(state)) {}

  Result<TableDescription> CreateTable(const TableSpec& spec) override {
    ZAEL_TRY(store::ValidateTableSpec(spec));
    const MutexLock lock(state_->mutex);
    MemoryContents& contents = state_->contents;
    const auto [entry, added] = contents.tables.try_emplace(spec.name);
    if (!added) {
      return Error(ErrorCode::kAlreadyExists,
                   Format("create table {}: it exists", Shorten(spec.name)));
    }
    MemoryTable& table = entry->second;
    table.spec = spec;
    table.id = Format("table-{}", ++contents.tables_made);
    table.created_at = state_->clock->WallNow();
    table.indexes.resize(spec.indexes.size());
    return Describe(table);
  }

  Result<TableDescription> DescribeTable(std::string_view name) override {
    const MutexLock lock(state_->mutex);
    ZAEL_ASSIGN(MemoryTable * table, FindTable(state_->contents, name));
    return Describe(*table);
  }

  Result<TableDescription> UpdateTable(std::string_view name, const TableUpdate& update) override {
    ZAEL_TRY(store::ValidateTableUpdate(update));
    const MutexLock lock(state_->mutex);
    ZAEL_ASSIGN(MemoryTable * table, FindTable(state_->contents, name));
    TableSpec& spec = table->spec;
    if (update.ttl_attribute.has_value()) spec.ttl_attribute = *update.ttl_attribute;
    if (update.stream.has_value()) spec.stream = *update.stream;
    if (update.deletion_protection.has_value()) {
      spec.deletion_protection = *update.deletion_protection;
    }
    if (update.tags.has_value()) spec.tags = *update.tags;
    if (update.notes.has_value()) spec.notes = *update.notes;
    return Describe(*table);
  }

  Status DeleteTable(std::string_view name) override {
    const MutexLock lock(state_->mutex);
    ZAEL_ASSIGN(MemoryTable * table, FindTable(state_->contents, name));
    if (table->spec.deletion_protection) {
      return Error(ErrorCode::kFailedPrecondition,
                   Format("delete table {}: deletion protection is on", Shorten(name)));
    }
    state_->contents.tables.erase(state_->contents.tables.find(name));
    return {};
  }

  Result<std::vector<std::string>> ListTables() override {
    const MutexLock lock(state_->mutex);
    std::vector<std::string> names;
    for (const auto& [name, table] : state_->contents.tables) names.push_back(name);
    return names;
  }

 private:
  const std::shared_ptr<MemoryState> state_;
};

class MemoryChanges final : public ChangeFeed {
 public:
  explicit MemoryChanges(std::shared_ptr<MemoryState> state) : state_(std::move(state)) {}

  Result<ChangePage> ReadChanges(std::string_view table_name, ChangePosition after,
                                 std::size_t max_changes) override {
    if (max_changes == 0) {
      return Error(ErrorCode::kInvalidArgument, "read changes: max_changes is 0");
    }
    const MutexLock lock(state_->mutex);
    ZAEL_ASSIGN(MemoryTable * table, FindTable(state_->contents, table_name));
    ChangePage page{.changes = {}, .next = after};
    for (const Change& change : table->changes) {
      if (change.position <= after) continue;
      // A transaction is never split, even when that makes the page longer than asked for.
      if (page.changes.size() >= max_changes && change.position != page.next) break;
      page.next = change.position;
      page.changes.push_back(change);
    }
    return page;
  }

 private:
  const std::shared_ptr<MemoryState> state_;
};

}  // namespace

MemoryStore::MemoryStore(std::shared_ptr<Clock> clock)
    : state_(std::make_shared<MemoryState>(std::move(clock))),
      stores_{.items = std::make_shared<MemoryItems>(state_),
              .tables = std::make_shared<MemoryTables>(state_),
              .changes = std::make_shared<MemoryChanges>(state_)} {}

MemoryStore::~MemoryStore() = default;

std::size_t MemoryStore::Expire() {
  const MutexLock lock(state_->mutex);
  const WallTime now = state_->clock->WallNow();
  std::size_t expired = 0;
  for (auto& [name, table] : state_->contents.tables) {
    if (!table.spec.ttl_attribute.has_value()) continue;
    std::vector<std::string> rows;
    for (const auto& [row, item] : table.rows) {
      if (IsExpired(item, *table.spec.ttl_attribute, ToEpochSeconds(now))) rows.push_back(row);
    }
    for (std::string& row : rows) {
      PlannedWrite plan{.table = &table, .row = std::move(row), .holds = true, .writes = true};
      plan.old = &table.rows.at(plan.row);
      Perform(plan, ++state_->contents.position, now, true);
    }
    expired += rows.size();
  }
  return expired;
}

std::shared_ptr<const MemoryStore::Snapshot> MemoryStore::TakeSnapshot() const {
  const MutexLock lock(state_->mutex);
  return std::make_shared<const Snapshot>(state_->contents);
}

void MemoryStore::Restore(const Snapshot& snapshot) {
  const MutexLock lock(state_->mutex);
  state_->contents = snapshot.contents();
}

}  // namespace zael::testing
