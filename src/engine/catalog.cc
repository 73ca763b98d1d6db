#include "engine/catalog.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "base/same_name.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"
#include "engine/layout.h"

namespace zael::engine {
namespace {

constexpr std::string_view kTableKeys = "table/";
constexpr std::string_view kTableKeysEnd = "table0";  // '0' follows '/'
constexpr std::string_view kNextNumberKey = "next_table";

constexpr std::string_view kDroppingKeys = "dropping/";
constexpr std::string_view kDroppingKeysEnd = "dropping0";

std::string TableKey(std::string_view name) { return std::string(kTableKeys) + std::string(name); }
std::string CountKey(std::uint32_t number) { return Format("count/{}", number); }

Result<std::int64_t> ReadNumber(Rocks& rocks, std::string_view key, std::int64_t absent) {
  rocksdb::PinnableSlice value;
  ZAEL_ASSIGN(const bool found, rocks.Get(Family::kMeta, key, &value));
  if (!found) return absent;
  return ParseDecimal(ToView(value), key);
}

}  // namespace

Status Catalog::Load() {
  ZAEL_ASSIGN(const auto next, ReadNumber(rocks_, kNextNumberKey, 1));
  const auto rows = rocks_.Iterate(Family::kMeta, rocksdb::ReadOptions());
  std::vector<std::shared_ptr<Table>> tables;
  for (rows->Seek(ToSlice(kTableKeys)); rows->Valid(); rows->Next()) {
    if (ToView(rows->key()) >= kTableKeysEnd) break;
    ZAEL_ASSIGN(auto table, DecodeTable(ToView(rows->value()), ToView(rows->key())));
    tables.push_back(std::move(table));
  }
  if (!rows->status().ok()) return rocks_.ToError(rows->status(), "read");
  for (const auto& table : tables) {
    ZAEL_ASSIGN(const auto count, ReadNumber(rocks_, CountKey(table->number), 0));
    table->item_count->store(count, std::memory_order_relaxed);
  }
  MutexLock lock(mutex_);
  next_number_ = static_cast<std::uint32_t>(next);
  for (auto& table : tables) {
    stored_counts_[table->number] = table->item_count->load(std::memory_order_relaxed);
    tables_[table->spec.name] = table;
  }
  version_.store(NextVersion(), std::memory_order_release);
  return {};
}

Result<TablePtr> Catalog::Find(std::string_view name) const {
  MutexLock lock(mutex_);
  const auto found = tables_.find(name);
  if (found != tables_.end()) return found->second;
  return Error(ErrorCode::kNotFound,
               Format("find table {}: there is none of this name", Shorten(name)));
}

std::uint64_t Catalog::NextVersion() {
  static std::atomic<std::uint64_t> versions = 0;
  return versions.fetch_add(1, std::memory_order_relaxed) + 1;
}

const Table* Catalog::FindAgain(std::string_view name) const {
  struct Last {
    std::uint64_t version = 0;
    TablePtr table;
  };
  thread_local Last last;
  // Read before the table is looked up: a change in between makes it look again the next time.
  const std::uint64_t version = version_.load(std::memory_order_acquire);
  if (last.version == version && SameName(last.table->spec.name, name)) return last.table.get();
  auto found = Find(name);
  if (!found.ok()) return nullptr;
  last = {.version = version, .table = *std::move(found)};
  return last.table.get();
}

std::vector<TablePtr> Catalog::All() const {
  MutexLock lock(mutex_);
  std::vector<TablePtr> all;
  all.reserve(tables_.size());
  for (const auto& [name, table] : tables_) all.push_back(table);
  return all;
}

std::uint32_t Catalog::NextNumber() const {
  MutexLock lock(mutex_);
  return next_number_;
}

void Catalog::Replace(const std::string& name, TablePtr table) {
  MutexLock lock(mutex_);
  version_.store(NextVersion(), std::memory_order_release);
  if (const auto old = tables_.find(name); old != tables_.end()) {
    old->second->retired.store(true, std::memory_order_release);
    if (table == nullptr) tables_.erase(old);
  }
  if (table == nullptr) return;
  next_number_ = std::max(next_number_, table->number + 1);
  tables_[name] = std::move(table);
}

Status Catalog::Store(std::shared_ptr<Table> table) {
  rocksdb::WriteBatch batch;
  auto* meta = rocks_.handle(Family::kMeta);
  batch.Put(meta, ToSlice(TableKey(table->spec.name)), ToSlice(EncodeTable(*table)));
  const std::uint32_t next = std::max(NextNumber(), table->number + 1);
  batch.Put(meta, ToSlice(kNextNumberKey), ToSlice(Format("{}", next)));
  ZAEL_TRY(rocks_.Write(&batch));
  const std::string name = table->spec.name;
  Replace(name, std::move(table));
  return {};
}

Status Catalog::Remove(const TablePtr& table) {
  rocksdb::WriteBatch batch;
  auto* meta = rocks_.handle(Family::kMeta);
  batch.Delete(meta, ToSlice(TableKey(table->spec.name)));
  batch.Delete(meta, ToSlice(CountKey(table->number)));
  batch.Put(meta, ToSlice(std::string(kDroppingKeys) + Format("{}", table->number)), ToSlice(""));
  ZAEL_TRY(rocks_.Write(&batch));
  Replace(table->spec.name, nullptr);
  return {};
}

Status Catalog::DropRemoved() {
  std::vector<std::string> keys;
  const auto rows = rocks_.Iterate(Family::kMeta, rocksdb::ReadOptions());
  for (rows->Seek(ToSlice(kDroppingKeys)); rows->Valid(); rows->Next()) {
    if (ToView(rows->key()) >= kDroppingKeysEnd) break;
    keys.emplace_back(ToView(rows->key()));
  }
  if (!rows->status().ok()) return rocks_.ToError(rows->status(), "read");
  for (const std::string& key : keys) {
    ZAEL_ASSIGN(const auto number,
                ParseDecimal(std::string_view(key).substr(kDroppingKeys.size()), key));
    std::string begin;
    AppendTable(static_cast<std::uint32_t>(number), &begin);
    const std::string end = store::PrefixEnd(begin);
    for (const Family family : {Family::kItems, Family::kIndexes}) {
      ZAEL_TRY(rocks_.DropRange(family, begin, end));
    }
    rocksdb::WriteBatch batch;
    batch.Delete(rocks_.handle(Family::kMeta), ToSlice(key));
    ZAEL_TRY(rocks_.Write(&batch));
  }
  return {};
}

Status Catalog::StoreCounts() {
  rocksdb::WriteBatch batch;
  MutexLock lock(mutex_);
  for (const auto& [name, table] : tables_) {
    const auto count =
        std::max<std::int64_t>(table->item_count->load(std::memory_order_relaxed), 0);
    if (stored_counts_[table->number] == count) continue;
    stored_counts_[table->number] = count;
    batch.Put(rocks_.handle(Family::kMeta), ToSlice(CountKey(table->number)),
              ToSlice(Format("{}", count)));
  }
  if (batch.Count() == 0) return {};
  return rocks_.Write(&batch);
}

}  // namespace zael::engine
