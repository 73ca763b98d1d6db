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
#include "engine/row_update.h"
#include "store/evaluate.h"
#include "store/item_codec.h"
#include "store/number_update.h"
#include "store/validate.h"

namespace zael::engine {
namespace {

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

// The path of an action and, of one that puts a value there as it is or adds it, the value.
struct ActionParts {
  const Path* path;
  const Value* value = nullptr;
  bool takes_away = false;  // whole attributes or members of sets
};

// By hand: four visits would cost more than the update.
ActionParts PartsOf(const UpdateAction& action) {
  if (const auto* set = std::get_if<SetAction>(&action)) {
    const auto* value = set->op == SetOp::kAssign ? std::get_if<Value>(&set->left) : nullptr;
    return {.path = &set->path, .value = value};
  }
  if (const auto* add = std::get_if<AddAction>(&action))
    return {.path = &add->path, .value = &add->value};
  if (const auto* remove = std::get_if<RemoveAction>(&action))
    return {.path = &remove->path, .takes_away = true};
  return {.path = &std::get<DeleteAction>(action).path, .takes_away = true};
}

// Whether the actions leave every index key alone.
bool KeepsIndexKeys(const UpdateActions& actions, const TableSpec& spec) {
  return std::none_of(actions.begin(), actions.end(), [&](const UpdateAction& action) {
    const auto& name = std::get<std::string>(PartsOf(action).path->steps.front());  // validated
    return std::any_of(spec.indexes.begin(), spec.indexes.end(), [&](const IndexSpec& index) {
      return index.keys.hash.name == name ||
             (index.keys.range.has_value() && index.keys.range->name == name);
    });
  });
}

// Whether a valid item stays valid, but perhaps for its size: whole attributes go or become numbers
// and strings. (An emptied set goes, too.)
bool KeepsRules(const UpdateActions& actions) {
  return std::all_of(actions.begin(), actions.end(), [](const UpdateAction& action) {
    const ActionParts parts = PartsOf(action);
    if (parts.path->steps.size() != 1) return false;
    return parts.takes_away ||
           (parts.value != nullptr && (parts.value->As<zael::Number>() != nullptr ||
                                       parts.value->As<std::string>() != nullptr));
  });
}

// An attribute takes at least a 32nd of the bytes DynamoDB counts for it: an item stored in so few
// is not too large.
constexpr std::size_t kSurelySmallBytes = kMaxItemBytes / 32;

bool SameKey(const KeySchema& schema, const Item& left, const Item& right) {
  const auto same = [&](const KeyAttribute& attribute) {
    return *left.Find(attribute.name) == *right.Find(attribute.name);
  };
  return same(schema.hash) && (!schema.range.has_value() || same(*schema.range));
}

// What a write that was made answers with.
template <typename Request, typename Mutation>
std::optional<Item> Answer(const Request& request, const Mutation& mutation) {
  if (request.return_item == ReturnItem::kOld) return mutation.before;
  if (!mutation.stays) return std::nullopt;
  if (request.return_item == ReturnItem::kNew) return mutation.row->item;
  if constexpr (std::is_same_v<Request, UpdateRequest>) {
    if (request.return_item == ReturnItem::kUpdatedNew)
      return store::NamedAttributes(request.actions, mutation.row->item);
  }
  return std::nullopt;
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

Status Writer::Load(Mutation* mutation) const {
  mutation->row = core_.hot_rows.Take(mutation->stripe, mutation->row_key);
  if (mutation->row == nullptr) {
    rocksdb::PinnableSlice bytes;
    ZAEL_ASSIGN(auto item, ReadItem(core_, *mutation->table, mutation->row_key, &bytes));
    mutation->row = std::make_unique<Row>();
    mutation->row->key = mutation->row_key;
    if (item.has_value()) {
      mutation->row->bytes = ToView(bytes);
      mutation->row->item = *std::move(item);
    }
  }
  mutation->existed = mutation->stays = mutation->row->exists();
  return {};
}

template <typename Request>
Status Writer::Prepare(const Request& request, Mutation* mutation) const {
  ZAEL_TRY(Load(mutation));
  if (const Condition* condition = ConditionOf(request)) {
    const Item* item = mutation->existed ? &mutation->row->item : nullptr;
    ZAEL_ASSIGN(mutation->holds, store::Holds(*condition, item));
  }
  return mutation->holds ? Make(request, mutation) : Status();
}

Status Writer::Make(const PutRequest& request, Mutation* mutation) {
  Row& row = *mutation->row;
  if (mutation->existed) mutation->before = std::move(row.item);
  row.item = request.item;
  mutation->stays = true;
  mutation->changed = mutation->before != row.item;
  if (mutation->changed) row.EncodeNext();
  return {};
}

Status Writer::Make(const DeleteRequest&, Mutation* mutation) {
  if (mutation->existed) mutation->before = std::move(mutation->row->item);
  mutation->stays = false;
  mutation->changed = mutation->existed;
  return {};
}

Status Writer::Make(const CheckRequest&, Mutation*) { return {}; }

Status Writer::Make(const UpdateRequest& request, Mutation* mutation) {
  const TableSpec& spec = mutation->table->spec;
  if (!mutation->existed && store::OnlyRemoves(request.actions)) return {};
  Row& row = *mutation->row;
  if (mutation->existed) {
    mutation->same_index_keys = KeepsIndexKeys(request.actions, spec);
    if (!mutation->same_index_keys || request.return_item == ReturnItem::kOld)
      mutation->before = row.item;
  } else {
    row.item = request.key;
    mutation->stays = true;
  }
  ZAEL_TRY(store::ApplyInPlace(request.actions, spec.keys, &row.item));
  const bool valid = mutation->same_index_keys && KeepsRules(request.actions);
  if (!valid) ZAEL_TRY(store::ValidateItem(spec, row.item));
  row.EncodeNext();
  if (valid && row.next_bytes.size() > kSurelySmallBytes)
    ZAEL_TRY(store::ValidateItem(spec, row.item));
  mutation->changed = row.next_bytes != row.bytes;
  return {};
}

template <typename Request>
Result<WriteOutcome> Writer::WriteOne(const Request& request) {
  ZAEL_TRY(CheckDeadline(core_.clock, request.deadline, "write item"));
  for (;;) {
    Mutation mutation;
    ZAEL_ASSIGN(mutation.table, core_.catalog.Find(request.table));
    ZAEL_TRY(Validate(mutation.table->spec, request));
    mutation.row_key = RowKey(*mutation.table, KeyPart(request));
    mutation.stripe = Stripes::Of(mutation.row_key);
    const StripeLock lock(core_.stripes, mutation.stripe);
    if (mutation.table->retired.load(std::memory_order_acquire)) continue;
    ZAEL_TRY(Prepare(request, &mutation));
    WriteOutcome outcome{.applied = mutation.holds, .item = std::nullopt};
    if (mutation.holds) {
      if (mutation.changed) ZAEL_TRY(Commit({&mutation, 1}));
      outcome.item = Answer(request, mutation);
    } else if (mutation.existed) {
      outcome.item = mutation.row->item;
    }
    Keep(&mutation);
    return outcome;
  }
}

template <typename Answer>
std::optional<Status> Writer::UpdateRow(const NumberUpdate& update, Answer answer) {
  if (!update.deadline_is_ahead &&
      !CheckDeadline(core_.clock, update.deadline, "update numbers").ok())
    return std::nullopt;
  const Table* const table = core_.catalog.FindAgain(*update.table);
  if (table == nullptr) return std::nullopt;
  const TableSpec& spec = table->spec;
  thread_local std::string row_key;
  row_key.clear();
  AppendTable(table->number, &row_key);
  if (!store::AppendTextKey(spec.keys, *update.key, &row_key)) return std::nullopt;
  Mutation mutation;
  mutation.table = TablePtr(TablePtr(), table);  // counts nothing: it lives as long as needed
  mutation.stripe = Stripes::Of(row_key);
  const StripeLock lock(core_.stripes, mutation.stripe);
  if (mutation.table->retired.load(std::memory_order_acquire)) return std::nullopt;
  mutation.row = core_.hot_rows.Take(mutation.stripe, row_key);
  if (mutation.row == nullptr) return std::nullopt;
  RowUpdate row_update;
  mutation.changed = row_update.Apply(update, spec, mutation.row.get());
  std::optional<Status> done;
  if (mutation.changed) {
    mutation.existed = mutation.stays = mutation.same_index_keys = true;
    done = Commit({&mutation, 1});
    if (!done->ok()) return done;
    answer(row_update, *mutation.row);
  }
  Keep(&mutation);
  return done;
}

Result<WriteOutcome> Writer::Put(const PutRequest& request) { return WriteOne(request); }
Result<WriteOutcome> Writer::Update(const UpdateRequest& request) {
  if (request.return_item == ReturnItem::kOld) return WriteOne(request);
  const auto update = store::AsNumberUpdate(request);
  if (!update.has_value()) return WriteOne(request);
  WriteOutcome outcome{.applied = true, .item = std::nullopt};
  const auto done = UpdateRow(*update, [&](const RowUpdate& made, const Row& row) {
    outcome.item = made.Answer(request.return_item, row);
  });
  if (!done.has_value()) return WriteOne(request);
  ZAEL_TRY(*done);
  return outcome;
}
Result<NumberOutcome> Writer::UpdateNumbers(const NumberUpdate& update) {
  Result<NumberOutcome> outcome{NumberOutcome()};
  const auto done =
      UpdateRow(update, [&](const RowUpdate& made, const Row&) { made.Answer(&*outcome); });
  if (!done.has_value()) {
    UpdateRequest request = store::AsUpdate(update);
    request.return_item = ReturnItem::kUpdatedNew;
    ZAEL_ASSIGN(auto written, WriteOne(request));
    return store::OutcomeOf(update, std::move(written));
  }
  if (!done->ok()) return done->error();
  return outcome;
}
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
      mutation.stripe = Stripes::Of(mutation.row_key);
      rows.push_back(mutation.row_key);
      stripes.push_back(mutation.stripe);
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
  TransactOutcome outcome{.applied = true, .cancellations = {}};
  for (std::size_t i = 0; i < mutations.size(); ++i) {
    ZAEL_TRY(std::visit([&](const auto& item) { return Prepare(item, &mutations[i]); },
                        request.items[i]));
    outcome.applied = outcome.applied && mutations[i].holds;
  }
  if (outcome.applied) {
    ZAEL_TRY(Commit(mutations));
    for (Mutation& mutation : mutations) Keep(&mutation);
    return outcome;
  }
  for (Mutation& mutation : mutations) {
    TransactCancellation& cancellation = outcome.cancellations.emplace_back();
    if (mutation.holds) continue;  // and its row, which is what it was not to become, goes
    cancellation.reason = CancelReason::kConditionFailed;
    if (mutation.existed) cancellation.item = mutation.row->item;
    Keep(&mutation);
  }
  return outcome;
}

Result<bool> Writer::Expire(const TablePtr& table, const std::string& row_key) {
  Mutation mutation;
  mutation.table = table;
  mutation.row_key = row_key;
  mutation.stripe = Stripes::Of(row_key);
  const StripeLock lock(core_.stripes, mutation.stripe);
  if (table->retired.load(std::memory_order_acquire)) return false;
  ZAEL_TRY(Load(&mutation));
  const bool expired =
      mutation.existed && IsExpired(*table, mutation.row->item, core_.clock.WallNow());
  if (expired) {
    mutation.by_expiry = true;
    ZAEL_TRY(Make(DeleteRequest(), &mutation));
    ZAEL_TRY(Commit({&mutation, 1}));
  }
  Keep(&mutation);
  return expired;
}

void Writer::Keep(Mutation* mutation) {
  Row& row = *mutation->row;
  if (mutation->changed) {
    if (!mutation->stays) return;
    row.bytes.swap(row.next_bytes);
  }
  core_.hot_rows.Keep(mutation->stripe, std::move(mutation->row));
}

Status Writer::Commit(std::span<const Mutation> mutations) {
  if (std::none_of(mutations.begin(), mutations.end(), std::mem_fn(&Mutation::changed))) return {};
  // Its buffer is kept between writes: growing a new one costs as much as a write to the log.
  thread_local rocksdb::WriteBatch batch;
  batch.Clear();
  for (const Mutation& mutation : mutations) AddIndexEntries(mutation, &batch);
  AddItems(mutations, &batch);
  ZAEL_TRY(core_.rocks.Write(&batch));
  for (const Mutation& mutation : mutations) {
    const int difference = int{mutation.stays} - int{mutation.existed};
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
    builder.Add({.before = mutation.row->bytes,
                 .after = mutation.stays ? mutation.row->next_bytes : std::string_view(),
                 .streamed = mutation.table->spec.stream,
                 .by_expiry = mutation.by_expiry});
  }
  batch->PutLogData(ToSlice(record));
  auto* family = core_.rocks.handle(Family::kItems);
  for (const Mutation& mutation : mutations) {
    if (!mutation.changed) continue;
    if (mutation.stays) {
      batch->Put(family, ToSlice(mutation.row->key), ToSlice(mutation.row->next_bytes));
    } else {
      batch->Delete(family, ToSlice(mutation.row->key));
    }
  }
}

void Writer::AddIndexEntries(const Mutation& mutation, rocksdb::WriteBatch* batch) const {
  if (!mutation.changed || mutation.same_index_keys) return;
  const Table& table = *mutation.table;
  const Item* before = mutation.before.has_value() ? &*mutation.before : nullptr;
  const Item* after = mutation.stays ? &mutation.row->item : nullptr;
  auto* family = core_.rocks.handle(Family::kIndexes);
  for (std::size_t i = 0; i < table.spec.indexes.size(); ++i) {
    const KeySchema& keys = table.spec.indexes[i].keys;
    const bool had = before != nullptr && store::HasKey(keys, *before);
    const bool has = after != nullptr && store::HasKey(keys, *after);
    if (had && has && SameKey(keys, *before, *after)) continue;
    if (had) batch->Delete(family, ToSlice(IndexKey(table, i, *before)));
    if (!has) continue;
    batch->Put(family, ToSlice(IndexKey(table, i, *after)),
               ToSlice(EncodeKeyBytes(mutation.row_key.size() - kTableBytes)));
  }
}

}  // namespace zael::engine
