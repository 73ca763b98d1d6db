#include "engine/reader.h"

#include <memory>
#include <string>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "engine/layout.h"
#include "store/evaluate.h"
#include "store/item_codec.h"
#include "store/validate.h"

namespace zael::engine {
namespace {

// Which rows a query walks, [lower, upper) of one family, and from where.
struct Walk {
  Family family = Family::kItems;
  const KeySchema* index = nullptr;  // absent: the table itself
  std::string lower;
  std::string upper;
  std::optional<std::string> after;  // exclusive, in walking direction
};

Result<Walk> PlanWalk(const QueryRequest& request, const Table& table) {
  Walk walk;
  std::string prefix = TablePrefix(table);
  const KeySchema* keys = &table.spec.keys;
  std::size_t number = 0;
  if (!request.index.empty()) {
    while (table.spec.indexes[number].name != request.index) ++number;  // validated: it is there
    keys = &table.spec.indexes[number].keys;
    walk.index = keys;
    walk.family = Family::kIndexes;
    prefix = IndexPrefix(table, number);
  }
  if (request.hash.has_value()) store::AppendKeyValue(*request.hash, &prefix);
  walk.lower = prefix;
  walk.upper = store::PrefixEnd(prefix);
  if (request.range.has_value()) {
    ZAEL_ASSIGN(const auto bounds, store::RangeBounds(*request.range, *keys->range));
    walk.lower = prefix + bounds.lower;
    if (!bounds.upper.empty()) walk.upper = prefix + bounds.upper;
  }
  if (request.start_after.has_value()) {
    walk.after = walk.index == nullptr ? RowKey(table, *request.start_after)
                                       : IndexKey(table, number, *request.start_after);
  }
  return walk;
}

// Walks the rows in the asked direction. Valid() and the key are those of the iterator inside.
class Rows {
 public:
  Rows(const Core& core, const Walk& walk, bool ascending, const rocksdb::Snapshot* snapshot)
      : lower_(ToSlice(walk.lower)), upper_(ToSlice(walk.upper)), ascending_(ascending) {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot;
    options.iterate_lower_bound = &lower_;
    options.iterate_upper_bound = &upper_;
    rows_ = core.rocks.Iterate(walk.family, options);
    // An empty range: some versions of RocksDB check that the bounds are in order.
    if (walk.lower >= walk.upper) return;
    Start(walk);
  }

  bool valid() const { return started_ && rows_->Valid(); }
  void Next() { ascending_ ? rows_->Next() : rows_->Prev(); }
  std::string_view key() const { return ToView(rows_->key()); }
  std::string_view value() const { return ToView(rows_->value()); }
  rocksdb::Status status() const { return rows_->status(); }

 private:
  void Start(const Walk& walk) {
    started_ = true;
    if (!walk.after.has_value()) {
      ascending_ ? rows_->SeekToFirst() : rows_->SeekToLast();
      return;
    }
    const std::string_view after = *walk.after;
    if (ascending_) {
      if (after < walk.lower) return rows_->SeekToFirst();
      rows_->Seek(ToSlice(after));
    } else {
      if (after >= walk.upper) return rows_->SeekToLast();
      rows_->SeekForPrev(ToSlice(after));
    }
    if (rows_->Valid() && key() == after) Next();
  }

  rocksdb::Slice lower_;
  rocksdb::Slice upper_;
  bool ascending_;
  bool started_ = false;
  std::unique_ptr<rocksdb::Iterator> rows_;
};

Error Unreadable(const Table& table, std::string_view key, std::string_view cause) {
  return Error(ErrorCode::kDataLoss,
               Format("read item {} of table {}: {}", Shorten(key.substr(kTableBytes)),
                      Shorten(table.spec.name), cause));
}

// The item of the row the walk stands on; `bytes` counts what was read for it.
Result<Item> ItemOfRow(const Core& core, const Table& table, const Rows& rows, const Walk& walk,
                       const rocksdb::Snapshot* snapshot, std::size_t* bytes) {
  rocksdb::PinnableSlice pinned;
  std::string_view encoded = rows.value();
  if (walk.index != nullptr) {
    const std::string row_key = RowKeyOf(rows.key(), rows.value());
    if (row_key.empty()) return Unreadable(table, rows.key(), "its index entry is damaged");
    ZAEL_ASSIGN(const bool found, core.rocks.Get(Family::kItems, row_key, &pinned, snapshot));
    if (!found && table.retired.load(std::memory_order_acquire)) {
      return Error(ErrorCode::kNotFound,
                   Format("query table {}: it was deleted meanwhile", Shorten(table.spec.name)));
    }
    if (!found) return Unreadable(table, rows.key(), "its index entry points to nothing");
    encoded = ToView(pinned);
  }
  *bytes += encoded.size();
  auto item = store::DecodeItem(encoded);
  if (!item.ok()) return Unreadable(table, rows.key(), item.error().message());
  return item;
}

}  // namespace

Result<std::optional<Item>> Reader::Get(const GetRequest& request) const {
  ZAEL_TRY(CheckDeadline(core_.clock, request.deadline, "get item"));
  ZAEL_ASSIGN(const TablePtr table, core_.catalog.Find(request.table));
  ZAEL_TRY(store::ValidateKey(table->spec.keys, request.key));
  rocksdb::PinnableSlice bytes;
  return ReadItem(core_, *table, RowKey(*table, request.key), &bytes);
}

Result<std::vector<Item>> Reader::BatchGet(const BatchGetRequest& request) const {
  ZAEL_TRY(CheckDeadline(core_.clock, request.deadline, "get items"));
  ZAEL_ASSIGN(const TablePtr table, core_.catalog.Find(request.table));
  ZAEL_TRY(store::ValidateBatchGetCount(request.keys.size()));
  std::vector<std::string> row_keys;
  row_keys.reserve(request.keys.size());
  for (const Key& key : request.keys) {
    ZAEL_TRY(store::ValidateKey(table->spec.keys, key));
    row_keys.push_back(RowKey(*table, key));
  }
  ZAEL_TRY(store::RefuseDuplicates({row_keys.begin(), row_keys.end()}, "get items"));
  std::vector<Item> items;
  items.reserve(request.keys.size());
  for (const std::string& row_key : row_keys) {
    rocksdb::PinnableSlice bytes;
    ZAEL_ASSIGN(auto item, ReadItem(core_, *table, row_key, &bytes));
    if (item.has_value()) items.push_back(*std::move(item));
  }
  return items;
}

Result<QueryPage> Reader::Query(const QueryRequest& request) const {
  ZAEL_TRY(CheckDeadline(core_.clock, request.deadline, "query"));
  ZAEL_ASSIGN(const TablePtr table, core_.catalog.Find(request.table));
  const KeySchema* schema = nullptr;
  ZAEL_TRY(store::ValidateQuery(table->spec, request, &schema));
  ZAEL_ASSIGN(const Walk walk, PlanWalk(request, *table));
  // An index page reads two families: both as of one instant.
  std::optional<SnapshotGuard> snapshot;
  if (walk.index != nullptr) snapshot.emplace(core_.rocks);
  const rocksdb::Snapshot* instant = snapshot.has_value() ? snapshot->get() : nullptr;
  Rows rows(core_, walk, request.ascending, instant);
  QueryPage page;
  std::size_t bytes = 0;
  for (std::size_t read = 0; rows.valid();) {
    ZAEL_ASSIGN(Item item, ItemOfRow(core_, *table, rows, walk, instant, &bytes));
    ++read;
    rows.Next();
    if ((read >= request.max_items || bytes >= store::kMaxPageBytes) && rows.valid()) {
      page.next = store::KeyOf(table->spec.keys, item, walk.index);
    }
    bool wanted = true;
    if (request.filter.has_value()) {
      ZAEL_ASSIGN(wanted, store::Holds(*request.filter, &item));
    }
    if (wanted) page.items.push_back(std::move(item));
    if (page.next.has_value()) break;
  }
  if (!rows.status().ok()) return core_.rocks.ToError(rows.status(), "read");
  return page;
}

}  // namespace zael::engine
