#include "engine/catalog.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"
#include "engine/layout.h"

namespace zael::engine {
namespace {

constexpr std::string_view kTableKeys = "table/";
constexpr std::string_view kTableKeysEnd = "table0";  // '0' follows '/'
constexpr std::string_view kNextNumberKey = "next_table";

// The value: what is to be done with the rows before, empty for nothing.
constexpr std::string_view kDroppingKeys = "dropping/";
constexpr std::string_view kDroppingKeysEnd = "dropping0";
constexpr std::size_t kMaxFailures = 16;
constexpr std::string_view kRestoringKeys = "restoring/";
constexpr std::string_view kRestoringKeysEnd = "restoring0";

std::string TableKey(std::string_view name) { return std::string(kTableKeys) + std::string(name); }
std::string CountKey(std::uint32_t number) { return Format("count/{}", number); }
std::string DroppingKey(std::uint32_t number) { return Format("{}{}", kDroppingKeys, number); }
std::string RestoringKey(std::uint32_t number) { return Format("{}{}", kRestoringKeys, number); }

// The rows of the meta family in [begin, end).
Result<std::vector<std::pair<std::string, std::string>>> ReadRows(Rocks& rocks,
                                                                  std::string_view begin,
                                                                  std::string_view end) {
  std::vector<std::pair<std::string, std::string>> found;
  const auto rows = rocks.Iterate(Family::kMeta, rocksdb::ReadOptions());
  for (rows->Seek(ToSlice(begin)); rows->Valid() && ToView(rows->key()) < end; rows->Next()) {
    found.emplace_back(ToView(rows->key()), ToView(rows->value()));
  }
  if (!rows->status().ok()) return rocks.ToError(rows->status(), "read");
  return found;
}

Result<std::int64_t> ReadNumber(Rocks& rocks, std::string_view key, std::int64_t absent) {
  rocksdb::PinnableSlice value;
  ZAEL_ASSIGN(const bool found, rocks.Get(Family::kMeta, key, &value));
  if (!found) return absent;
  return ParseDecimal(ToView(value), key);
}

// table and plan, each behind its length
std::string EncodeRestoring(const Restoring& restoring) {
  const std::string table = EncodeTable(*restoring.table);
  return Format("{} {} ", table.size(), restoring.items_total) + table + restoring.plan;
}

Result<RestoringPtr> TakeRestoring(std::string_view bytes, std::string_view key) {
  auto restoring = std::make_shared<Restoring>();
  const auto number = [&]() -> Result<std::size_t> {
    const std::size_t end = std::min(bytes.find(' '), bytes.size());
    ZAEL_ASSIGN(const auto value, ParseDecimal(bytes.substr(0, end), key));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    return static_cast<std::size_t>(value);
  };
  ZAEL_ASSIGN(const std::size_t table_bytes, number());
  ZAEL_ASSIGN(restoring->items_total, number());
  ZAEL_ASSIGN(restoring->table, DecodeTable(bytes.substr(0, table_bytes), key));
  restoring->plan = bytes.substr(table_bytes);  // not past the end: the table was whole
  return restoring;
}

}  // namespace

TableDescription Restoring::Describe() const {
  TableDescription description = table->Describe();
  if (description.origin.has_value()) {
    description.origin->in_progress = true;
    description.origin->items_done = items_done.load(std::memory_order_relaxed);
    description.origin->items_total = items_total;
  }
  return description;
}

Status Catalog::Load() {
  ZAEL_ASSIGN(const auto next, ReadNumber(rocks_, kNextNumberKey, 1));
  std::vector<std::shared_ptr<Table>> tables;
  ZAEL_ASSIGN(const auto rows, ReadRows(rocks_, kTableKeys, kTableKeysEnd));
  for (const auto& [key, value] : rows) {
    ZAEL_ASSIGN(auto table, DecodeTable(value, key));
    tables.push_back(std::move(table));
  }
  for (const auto& table : tables) {
    ZAEL_ASSIGN(const auto count, ReadNumber(rocks_, CountKey(table->number), 0));
    table->item_count->store(count, std::memory_order_relaxed);
  }
  {
    MutexLock lock(mutex_);
    next_number_ = static_cast<std::uint32_t>(next);
    for (auto& table : tables) {
      stored_counts_[table->number] = table->item_count->load(std::memory_order_relaxed);
      tables_[table->spec.name] = table;
    }
  }
  return LoadRestoring();
}

Status Catalog::LoadRestoring() {
  ZAEL_ASSIGN(const auto rows, ReadRows(rocks_, kRestoringKeys, kRestoringKeysEnd));
  for (const auto& [key, value] : rows) {
    ZAEL_ASSIGN(const auto parts, TakeRestoring(value, key));
    // What was put there before the crash is put there again.
    ZAEL_TRY(DropRows(parts->table->number));
    MutexLock lock(mutex_);
    restoring_[parts->table->spec.name] = parts;
  }
  return {};
}

Result<TablePtr> Catalog::Find(std::string_view name) const {
  MutexLock lock(mutex_);
  const auto found = tables_.find(name);
  if (found != tables_.end()) return found->second;
  return Error(ErrorCode::kNotFound,
               Format("find table {}: there is none of this name", Shorten(name)));
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

Status Catalog::Remove(const TablePtr& table, std::string_view note) {
  rocksdb::WriteBatch batch;
  auto* meta = rocks_.handle(Family::kMeta);
  batch.Delete(meta, ToSlice(TableKey(table->spec.name)));
  batch.Delete(meta, ToSlice(CountKey(table->number)));
  batch.Put(meta, ToSlice(DroppingKey(table->number)), ToSlice(note));
  ZAEL_TRY(rocks_.Write(&batch));
  Replace(table->spec.name, nullptr);
  return {};
}

Status Catalog::DropRemoved() {
  ZAEL_ASSIGN(const auto rows, ReadRows(rocks_, kDroppingKeys, kDroppingKeysEnd));
  for (const auto& [key, note] : rows) {
    if (!note.empty()) continue;
    ZAEL_ASSIGN(const auto number,
                ParseDecimal(std::string_view(key).substr(kDroppingKeys.size()), key));
    ZAEL_TRY(DropNoted(static_cast<std::uint32_t>(number)));
  }
  return {};
}

Result<std::vector<RemovedTable>> Catalog::NotedRemovals() const {
  std::vector<RemovedTable> removed;
  ZAEL_ASSIGN(const auto rows, ReadRows(rocks_, kDroppingKeys, kDroppingKeysEnd));
  for (const auto& [key, note] : rows) {
    if (note.empty()) continue;
    ZAEL_ASSIGN(const auto number,
                ParseDecimal(std::string_view(key).substr(kDroppingKeys.size()), key));
    removed.push_back({.number = static_cast<std::uint32_t>(number), .note = note});
  }
  return removed;
}

Status Catalog::DropNoted(std::uint32_t number) {
  ZAEL_TRY(DropRows(number));
  rocksdb::WriteBatch batch;
  batch.Delete(rocks_.handle(Family::kMeta), ToSlice(DroppingKey(number)));
  return rocks_.Write(&batch);
}

Status Catalog::DropRows(std::uint32_t number) {
  std::string begin;
  AppendTable(number, &begin);
  const std::string end = store::PrefixEnd(begin);
  for (const Family family : {Family::kItems, Family::kIndexes}) {
    ZAEL_TRY(rocks_.DropRange(family, begin, end));
  }
  return {};
}

Status Catalog::BeginRestore(const RestoringPtr& restoring) {
  const std::uint32_t number = restoring->table->number;
  rocksdb::WriteBatch batch;
  auto* meta = rocks_.handle(Family::kMeta);
  batch.Put(meta, ToSlice(RestoringKey(number)), ToSlice(EncodeRestoring(*restoring)));
  batch.Put(meta, ToSlice(kNextNumberKey),
            ToSlice(Format("{}", std::max(NextNumber(), number + 1))));
  ZAEL_TRY(rocks_.Write(&batch));
  MutexLock lock(mutex_);
  next_number_ = std::max(next_number_, number + 1);
  restoring_[restoring->table->spec.name] = restoring;
  return {};
}

Status Catalog::EndRestore(const RestoringPtr& restoring) {
  const Table& table = *restoring->table;
  const std::int64_t count = table.item_count->load(std::memory_order_relaxed);
  rocksdb::WriteBatch batch;
  auto* meta = rocks_.handle(Family::kMeta);
  batch.Delete(meta, ToSlice(RestoringKey(table.number)));
  batch.Put(meta, ToSlice(TableKey(table.spec.name)), ToSlice(EncodeTable(table)));
  batch.Put(meta, ToSlice(CountKey(table.number)), ToSlice(Format("{}", count)));
  ZAEL_TRY(rocks_.Write(&batch));
  {
    MutexLock lock(mutex_);
    stored_counts_[table.number] = count;
  }
  Replace(table.spec.name, restoring->table);
  ForgetRestoring(restoring);
  return {};
}

Status Catalog::AbandonRestore(const RestoringPtr& restoring, const Error& why) {
  const std::uint32_t number = restoring->table->number;
  rocksdb::WriteBatch batch;
  auto* meta = rocks_.handle(Family::kMeta);
  batch.Delete(meta, ToSlice(RestoringKey(number)));
  batch.Put(meta, ToSlice(DroppingKey(number)), ToSlice(""));
  ZAEL_TRY(rocks_.Write(&batch));
  {
    MutexLock lock(mutex_);
    if (failures_.size() == kMaxFailures) failures_.erase(failures_.begin());
    failures_.insert_or_assign(restoring->table->spec.name, why);
  }
  ForgetRestoring(restoring);
  return DropRemoved();
}

std::optional<Error> Catalog::TakeFailure(std::string_view name) {
  MutexLock lock(mutex_);
  const auto found = failures_.find(name);
  if (found == failures_.end()) return std::nullopt;
  std::optional<Error> why = std::move(found->second);
  failures_.erase(found);
  return why;
}

void Catalog::ForgetRestoring(const RestoringPtr& restoring) {
  MutexLock lock(mutex_);
  restoring_.erase(restoring->table->spec.name);
}

RestoringPtr Catalog::FindRestoring(std::string_view name) const {
  MutexLock lock(mutex_);
  const auto found = restoring_.find(name);
  return found == restoring_.end() ? nullptr : found->second;
}

std::vector<RestoringPtr> Catalog::AllRestoring() const {
  MutexLock lock(mutex_);
  std::vector<RestoringPtr> all;
  all.reserve(restoring_.size());
  for (const auto& [name, restoring] : restoring_) all.push_back(restoring);
  return all;
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
