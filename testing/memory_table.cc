#include "testing/memory_table.h"

#include <algorithm>
#include <utility>

#include "base/try.h"
#include "store/evaluate.h"
#include "store/key_codec.h"
#include "store/validate.h"

namespace zael::testing {
namespace {

constexpr Milliseconds kChangesKept = std::chrono::hours(24);
// DynamoDB takes a ttl further back for something that is no time at all.
constexpr std::int64_t kOldestExpirySeconds = std::int64_t{5} * 365 * 24 * 3600;

Result<PlannedWrite> Begin(MemoryTable& table, const Item& key_holder, const Condition* condition) {
  PlannedWrite plan{.table = &table, .row = RowKey(table, key_holder)};
  const auto found = table.rows.find(plan.row);
  plan.old = found == table.rows.end() ? nullptr : &found->second;
  plan.holds = true;
  if (condition != nullptr) {
    ZAEL_ASSIGN(plan.holds, store::Holds(*condition, plan.old));
  }
  return plan;
}

const Condition* Pointer(const std::optional<Condition>& condition) {
  return condition.has_value() ? &*condition : nullptr;
}

std::string IndexKey(const KeySchema& keys, const Item& item, const std::string& row) {
  std::string key;
  store::AppendKey(keys, item, &key);
  return key + row;
}

void Record(const PlannedWrite& plan, ChangePosition position, WallTime now, bool by_expiry) {
  MemoryTable& table = *plan.table;
  if (!table.spec.stream) return;
  const Item& any = plan.updated.has_value() ? *plan.updated : *plan.old;
  Change change{.position = position, .at = now, .by_expiry = by_expiry};
  change.key = store::KeyOf(table.spec.keys, any);
  change.kind = plan.old == nullptr        ? ChangeKind::kInsert
                : plan.updated.has_value() ? ChangeKind::kModify
                                           : ChangeKind::kRemove;
  if (plan.old != nullptr) change.old_item = *plan.old;
  change.new_item = plan.updated;
  table.changes.push_back(std::move(change));
  while (table.changes.front().at + kChangesKept < now) table.changes.pop_front();
}

// The entries of a query in order: encoded keys of the walked table or index, and their items.
class Walk {
 public:
  struct Entry {
    const std::string* key;
    const Item* item;
  };

  Walk(const MemoryTable& table, const QueryRequest& request) : table_(table) {
    for (std::size_t i = 0; i < table.spec.indexes.size(); ++i) {
      if (table.spec.indexes[i].name == request.index) index_ = &table.indexes[i];
    }
  }

  std::vector<Entry> Between(const std::string& lower, const std::string& upper) const {
    std::vector<Entry> entries;
    if (index_ == nullptr) {
      Collect(table_.rows, lower, upper, [&](const auto& row) {
        entries.push_back({&row.first, &row.second});
      });
    } else {
      Collect(*index_, lower, upper, [&](const auto& entry) {
        entries.push_back({&entry.first, &table_.rows.at(entry.second)});
      });
    }
    return entries;
  }

 private:
  template <typename Map, typename Take>
  static void Collect(const Map& map, const std::string& lower, const std::string& upper,
                      Take take) {
    for (auto at = map.lower_bound(lower); at != map.end() && (upper.empty() || at->first < upper);
         ++at) {
      take(*at);
    }
  }

  const MemoryTable& table_;
  const std::map<std::string, std::string>* index_ = nullptr;
};

Result<store::ByteBounds> QueryBounds(const KeySchema& keys, const QueryRequest& request) {
  store::ByteBounds bounds;
  if (!request.hash.has_value()) return bounds;
  std::string hash;
  store::AppendKeyValue(*request.hash, &hash);
  bounds = {hash, store::PrefixEnd(hash)};
  if (!request.range.has_value()) return bounds;
  ZAEL_ASSIGN(const store::ByteBounds range, store::RangeBounds(*request.range, *keys.range));
  bounds.lower = hash + range.lower;
  if (!range.upper.empty()) bounds.upper = hash + range.upper;
  return bounds;
}

}  // namespace

std::string RowKey(const MemoryTable& table, const Item& item) {
  std::string row;
  store::AppendKey(table.spec.keys, item, &row);
  return row;
}

Result<PlannedWrite> Plan(MemoryTable& table, const PutRequest& request) {
  ZAEL_TRY(store::ValidatePut(table.spec, request));
  ZAEL_ASSIGN(PlannedWrite plan, Begin(table, request.item, Pointer(request.condition)));
  plan.writes = true;
  plan.updated = request.item;
  return plan;
}

Result<PlannedWrite> Plan(MemoryTable& table, const UpdateRequest& request) {
  ZAEL_TRY(store::ValidateUpdate(table.spec, request));
  ZAEL_ASSIGN(PlannedWrite plan, Begin(table, request.key, Pointer(request.condition)));
  if (!plan.holds || (plan.old == nullptr && store::OnlyRemoves(request.actions))) return plan;
  plan.writes = true;
  ZAEL_ASSIGN(plan.updated, store::Apply(request.actions, plan.old, request.key, table.spec.keys));
  ZAEL_TRY(store::ValidateItem(table.spec, *plan.updated));
  return plan;
}

Result<PlannedWrite> Plan(MemoryTable& table, const DeleteRequest& request) {
  ZAEL_TRY(store::ValidateDelete(table.spec, request));
  ZAEL_ASSIGN(PlannedWrite plan, Begin(table, request.key, Pointer(request.condition)));
  plan.writes = plan.old != nullptr;
  return plan;
}

Result<PlannedWrite> Plan(MemoryTable& table, const CheckRequest& request) {
  ZAEL_TRY(store::ValidateCheck(table.spec, request));
  return Begin(table, request.key, &request.condition);
}

void Perform(PlannedWrite& plan, ChangePosition position, WallTime now, bool by_expiry) {
  if (plan.old != nullptr && plan.updated.has_value() && *plan.old == *plan.updated) return;
  Record(plan, position, now, by_expiry);
  MemoryTable& table = *plan.table;
  for (std::size_t i = 0; i < table.indexes.size(); ++i) {
    const KeySchema& keys = table.spec.indexes[i].keys;
    if (plan.old != nullptr && store::HasKey(keys, *plan.old)) {
      table.indexes[i].erase(IndexKey(keys, *plan.old, plan.row));
    }
    if (plan.updated.has_value() && store::HasKey(keys, *plan.updated)) {
      table.indexes[i].emplace(IndexKey(keys, *plan.updated, plan.row), plan.row);
    }
  }
  if (plan.updated.has_value()) {
    table.rows[plan.row] = *std::move(plan.updated);
  } else {
    table.rows.erase(plan.row);
  }
}

Result<QueryPage> RunQuery(const MemoryTable& table, const QueryRequest& request) {
  const KeySchema* keys = nullptr;
  ZAEL_TRY(store::ValidateQuery(table.spec, request, &keys));
  ZAEL_ASSIGN(const store::ByteBounds bounds, QueryBounds(*keys, request));
  std::vector<Walk::Entry> entries = Walk(table, request).Between(bounds.lower, bounds.upper);
  if (!request.ascending) std::reverse(entries.begin(), entries.end());
  std::string start;
  if (request.start_after.has_value()) {
    store::AppendKey(*keys, *request.start_after, &start);
    if (!request.index.empty()) start += RowKey(table, *request.start_after);
  }
  QueryPage page;
  std::size_t bytes = 0;
  std::size_t read = 0;
  for (const Walk::Entry& entry : entries) {
    const bool before = request.ascending ? *entry.key <= start : *entry.key >= start;
    if (!start.empty() && before) continue;
    bool kept = true;
    if (request.filter.has_value()) {
      ZAEL_ASSIGN(kept, store::Holds(*request.filter, entry.item));
    }
    if (kept) page.items.push_back(*entry.item);
    bytes += store::ItemBytes(*entry.item);
    if (++read == request.max_items || bytes >= store::kMaxPageBytes) {
      page.next = store::KeyOf(table.spec.keys, *entry.item, keys);
      break;
    }
  }
  return page;
}

bool IsExpired(const Item& item, const std::string& attribute, std::int64_t now_seconds) {
  const Value* const value = item.Find(attribute);
  const Number* const at = value == nullptr ? nullptr : value->As<Number>();
  return at != nullptr && *at < Number(now_seconds) &&
         *at >= Number(now_seconds - kOldestExpirySeconds);
}

}  // namespace zael::testing
