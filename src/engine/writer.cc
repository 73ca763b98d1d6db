#include "engine/writer.h"

#include <algorithm>
#include <functional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/format.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"
#include "engine/change_record.h"
#include "engine/layout.h"
#include "store/evaluate.h"
#include "store/item_codec.h"
#include "store/validate.h"

namespace zael::engine {
namespace {

const Item* Pointer(const std::optional<Item>& item) { return item.has_value() ? &*item : nullptr; }

Status Validate(const TableSpec& spec, const PutRequest& request) {
  return store::ValidatePut(spec, request);
}
Status Validate(const TableSpec& spec, const UpdateRequest& request) {
  return store::ValidateUpdate(spec, request);
}
Status Validate(const TableSpec& spec, const DeleteRequest& request) {
  return store::ValidateDelete(spec, request);
}

const Item& KeyPart(const PutRequest& request) { return request.item; }
template <typename Request>
const Item& KeyPart(const Request& request) {
  return request.key;
}

const Condition* ConditionOf(const CheckRequest& request) { return &request.condition; }
template <typename Request>
const Condition* ConditionOf(const Request& request) {
  return request.condition.has_value() ? &*request.condition : nullptr;
}

// Whether the actions leave every index key alone.
bool KeepsIndexKeys(const UpdateActions& actions, const TableSpec& spec) {
  const auto is_index_key = [&](const Path& path) {
    const auto& name = std::get<std::string>(path.steps.front());  // validated
    return std::any_of(spec.indexes.begin(), spec.indexes.end(), [&](const IndexSpec& index) {
      return index.keys.hash.name == name ||
             (index.keys.range.has_value() && index.keys.range->name == name);
    });
  };
  return std::none_of(actions.begin(), actions.end(), [&](const UpdateAction& action) {
    return std::visit([&](const auto& one) { return is_index_key(one.path); }, action);
  });
}

bool SameKey(const KeySchema& schema, const Item& left, const Item& right) {
  const auto same = [&](const KeyAttribute& attribute) {
    return *left.Find(attribute.name) == *right.Find(attribute.name);
  };
  return same(schema.hash) && (!schema.range.has_value() || same(*schema.range));
}

}  // namespace

Status CheckDeadline(Clock& clock, const Deadline& deadline, std::string_view action) {
  if (!deadline.has_value() || clock.MonotonicNow() < *deadline) return {};
  return Error(ErrorCode::kDeadlineExceeded,
               Format("{}: the deadline had passed before it began", action));
}

Result<std::optional<Item>> ReadItem(const Core& core, const Table& table, std::string_view row_key,
                                     rocksdb::PinnableSlice* bytes) {
  ZAEL_ASSIGN(const bool found, core.rocks.Get(Family::kItems, row_key, bytes));
  if (!found) return std::optional<Item>();
  auto item = store::DecodeItem(ToView(*bytes));
  if (item.ok()) return std::optional<Item>(*std::move(item));
  return Error(ErrorCode::kDataLoss,
               Format("read item {} of table {}: {}", Shorten(row_key.substr(kTableBytes)),
                      Shorten(table.spec.name), item.error().message()));
}

Status Writer::MakeAfter(const PutRequest& request, Mutation* mutation) const {
  mutation->after = request.item;
  mutation->changed = mutation->before != mutation->after;
  return {};
}

Status Writer::MakeAfter(const DeleteRequest&, Mutation* mutation) const {
  mutation->changed = mutation->existed;
  return {};
}

Status Writer::MakeAfter(const CheckRequest&, Mutation*) const { return {}; }

Status Writer::MakeAfter(const UpdateRequest& request, Mutation* mutation) const {
  const TableSpec& spec = mutation->table->spec;
  if (!mutation->existed && store::OnlyRemoves(request.actions)) return {};
  if (!mutation->existed) {
    mutation->after = request.key;
  } else if (request.return_item != ReturnItem::kOld && KeepsIndexKeys(request.actions, spec)) {
    mutation->same_index_keys = true;
    mutation->after = std::move(mutation->before);
  } else {
    mutation->after = mutation->before;
  }
  ZAEL_TRY(store::ApplyInPlace(request.actions, spec.keys, &*mutation->after));
  ZAEL_TRY(store::ValidateItem(spec, *mutation->after));
  store::EncodeItem(*mutation->after, &mutation->after_bytes);
  mutation->changed = !mutation->existed || ToView(mutation->before_bytes) != mutation->after_bytes;
  return {};
}

template <typename Request>
Status Writer::Prepare(const Request& request, Mutation* mutation) const {
  ZAEL_ASSIGN(mutation->before,
              ReadItem(core_, *mutation->table, mutation->row_key, &mutation->before_bytes));
  mutation->existed = mutation->before.has_value();
  if (const Condition* condition = ConditionOf(request)) {
    ZAEL_ASSIGN(mutation->holds, store::Holds(*condition, Pointer(mutation->before)));
  }
  if (!mutation->holds) return {};
  return MakeAfter(request, mutation);
}

template <typename Request>
Result<WriteOutcome> Writer::WriteOne(const Request& request) {
  ZAEL_TRY(CheckDeadline(core_.clock, request.deadline, "write item"));
  for (;;) {
    Mutation mutation;
    ZAEL_ASSIGN(mutation.table, core_.catalog.Find(request.table));
    ZAEL_TRY(Validate(mutation.table->spec, request));
    mutation.row_key = RowKey(*mutation.table, KeyPart(request));
    {
      const StripeLock lock(core_.stripes, Stripes::Of(mutation.row_key));
      if (mutation.table->retired.load(std::memory_order_acquire)) continue;
      ZAEL_TRY(Prepare(request, &mutation));
      if (mutation.changed) ZAEL_TRY(Commit({&mutation, 1}));
    }
    WriteOutcome outcome{.applied = mutation.holds, .item = std::nullopt};
    if (!mutation.holds || request.return_item == ReturnItem::kOld) {
      outcome.item = std::move(mutation.before);
    } else if (request.return_item == ReturnItem::kNew) {
      outcome.item = std::move(mutation.after);
    } else if constexpr (std::is_same_v<Request, UpdateRequest>) {
      if (request.return_item == ReturnItem::kUpdatedNew && mutation.after.has_value()) {
        outcome.item = store::NamedAttributes(request.actions, *mutation.after);
      }
    }
    return outcome;
  }
}

Result<WriteOutcome> Writer::Put(const PutRequest& request) { return WriteOne(request); }
Result<WriteOutcome> Writer::Update(const UpdateRequest& request) { return WriteOne(request); }
Result<WriteOutcome> Writer::Delete(const DeleteRequest& request) { return WriteOne(request); }

Result<TransactOutcome> Writer::Transact(const TransactWriteRequest& request) {
  ZAEL_TRY(CheckDeadline(core_.clock, request.deadline, "write transaction"));
  ZAEL_TRY(store::ValidateTransactCount(request.items.size()));
  for (;;) {
    std::vector<Mutation> mutations(request.items.size());
    std::vector<std::string_view> rows;
    std::vector<std::size_t> stripes;
    for (std::size_t i = 0; i < mutations.size(); ++i) {
      Mutation& mutation = mutations[i];
      const TransactItem& item = request.items[i];
      ZAEL_ASSIGN(mutation.table, core_.catalog.Find(store::TableOf(item)));
      ZAEL_TRY(store::ValidateTransactItem(mutation.table->spec, item));
      mutation.row_key = RowKey(*mutation.table, store::KeyHolderOf(item));
      rows.push_back(mutation.row_key);
      stripes.push_back(Stripes::Of(mutation.row_key));
    }
    ZAEL_TRY(store::RefuseDuplicates(std::move(rows), "write transaction"));
    const StripeLock lock(core_.stripes, std::move(stripes));
    const bool stale =
        std::any_of(mutations.begin(), mutations.end(), [](const Mutation& mutation) {
          return mutation.table->retired.load(std::memory_order_acquire);
        });
    if (!stale) return TransactLocked(request, mutations);
  }
}

Result<TransactOutcome> Writer::TransactLocked(const TransactWriteRequest& request,
                                               std::span<Mutation> mutations) {
  bool holds = true;
  for (std::size_t i = 0; i < mutations.size(); ++i) {
    ZAEL_TRY(std::visit([&](const auto& item) { return Prepare(item, &mutations[i]); },
                        request.items[i]));
    holds = holds && mutations[i].holds;
  }
  TransactOutcome outcome{.applied = holds, .cancellations = {}};
  if (holds) {
    ZAEL_TRY(Commit(mutations));
    return outcome;
  }
  for (Mutation& mutation : mutations) {
    TransactCancellation& cancellation = outcome.cancellations.emplace_back();
    if (mutation.holds) continue;
    cancellation.reason = CancelReason::kConditionFailed;
    cancellation.item = std::move(mutation.before);
  }
  return outcome;
}

Result<bool> Writer::Expire(const TablePtr& table, const std::string& row_key) {
  const StripeLock lock(core_.stripes, Stripes::Of(row_key));
  if (table->retired.load(std::memory_order_acquire)) return false;
  Mutation mutation;
  mutation.table = table;
  mutation.row_key = row_key;
  mutation.changed = true;
  mutation.by_expiry = true;
  ZAEL_ASSIGN(mutation.before, ReadItem(core_, *table, row_key, &mutation.before_bytes));
  mutation.existed = mutation.before.has_value();
  if (!mutation.existed || !IsExpired(*table, *mutation.before, core_.clock.WallNow())) {
    return false;
  }
  ZAEL_TRY(Commit({&mutation, 1}));
  return true;
}

Status Writer::Commit(std::span<Mutation> mutations) {
  // Its buffer is kept between writes: growing a new one costs as much as a write to the log.
  thread_local rocksdb::WriteBatch batch;
  batch.Clear();
  bool any = false;
  for (Mutation& mutation : mutations) {
    if (!mutation.changed) continue;
    any = true;
    if (mutation.after.has_value() && mutation.after_bytes.empty()) {
      store::EncodeItem(*mutation.after, &mutation.after_bytes);
    }
    AddIndexEntries(mutation, &batch);
  }
  if (!any) return {};
  AddItems(mutations, &batch);
  ZAEL_TRY(core_.rocks.Write(&batch));
  for (const Mutation& mutation : mutations) {
    const int difference = int{mutation.after.has_value()} - int{mutation.existed};
    if (mutation.changed && difference != 0)
      mutation.table->item_count->fetch_add(difference, std::memory_order_relaxed);
  }
  return {};
}

// The change record and then, as it asks for, the items and nothing else.
void Writer::AddItems(std::span<const Mutation> mutations, rocksdb::WriteBatch* batch) const {
  thread_local std::string record;
  const auto changes = static_cast<std::size_t>(
      std::count_if(mutations.begin(), mutations.end(), std::mem_fn(&Mutation::changed)));
  ChangeRecordBuilder builder(core_.clock.WallNow(), changes, &record);
  for (const Mutation& mutation : mutations) {
    if (!mutation.changed) continue;
    builder.Add({.before = ToView(mutation.before_bytes),
                 .after = mutation.after_bytes,
                 .streamed = mutation.table->spec.stream,
                 .by_expiry = mutation.by_expiry});
  }
  batch->PutLogData(ToSlice(record));
  auto* family = core_.rocks.handle(Family::kItems);
  for (const Mutation& mutation : mutations) {
    if (!mutation.changed) continue;
    if (mutation.after.has_value()) {
      batch->Put(family, ToSlice(mutation.row_key), ToSlice(mutation.after_bytes));
    } else {
      batch->Delete(family, ToSlice(mutation.row_key));
    }
  }
}

void Writer::AddIndexEntries(const Mutation& mutation, rocksdb::WriteBatch* batch) const {
  if (mutation.same_index_keys) return;
  const Table& table = *mutation.table;
  auto* family = core_.rocks.handle(Family::kIndexes);
  for (std::size_t i = 0; i < table.spec.indexes.size(); ++i) {
    const KeySchema& keys = table.spec.indexes[i].keys;
    const bool had = mutation.before.has_value() && store::HasKey(keys, *mutation.before);
    const bool has = mutation.after.has_value() && store::HasKey(keys, *mutation.after);
    if (had && has && SameKey(keys, *mutation.before, *mutation.after)) continue;
    if (had) batch->Delete(family, ToSlice(IndexKey(table, i, *mutation.before)));
    if (!has) continue;
    batch->Put(family, ToSlice(IndexKey(table, i, *mutation.after)),
               ToSlice(EncodeKeyBytes(mutation.row_key.size() - kTableBytes)));
  }
}

}  // namespace zael::engine
