#include "engine/backup_restore.h"

#include "base/time.h"
#include "base/try.h"
#include "engine/log_replay.h"
#include "engine/table_copy.h"
#include "store/item_codec.h"

namespace zael::engine {
namespace {

std::optional<std::int64_t> IntegerOf(const Item& item, std::string_view name) {
  const Value* value = item.Find(name);
  const auto* number = value == nullptr ? nullptr : value->As<Number>();
  return number == nullptr ? std::nullopt : number->ToInt64();
}

Status LoadRows(const BackupFiles& files, const BackupManifest& manifest,
                const std::atomic<bool>& stop, Restoring* restoring, RowLoader* loader) {
  for (const Segment& segment : manifest.segments) {
    if (stop.load(std::memory_order_relaxed))
      return Error(ErrorCode::kUnavailable, "restore: the store is closing");
    ZAEL_ASSIGN(const std::string bytes, files.ReadSegment(segment));
    for (SegmentRows rows(bytes); !rows.at_end();) {
      std::string_view key, row;
      ZAEL_TRY(rows.Next(&key, &row));
      ZAEL_TRY(loader->Put(key, row));
      restoring->items_done.fetch_add(1, std::memory_order_relaxed);
    }
  }
  return {};
}

Status Fill(const Core& core, const BackupFiles& files, const RestoringPtr& restoring,
            const std::atomic<bool>& stop) {
  ZAEL_ASSIGN(const RestorePlan plan, DecodePlan(restoring->plan));
  ZAEL_ASSIGN(const BackupManifest manifest, files.ReadManifest(plan.manifest));
  RowLoader loader(core.rocks, *restoring->table);
  ZAEL_TRY(LoadRows(files, manifest, stop, restoring.get(), &loader));
  if (plan.until.has_value()) {
    ZAEL_TRY(ReplayLog(core.rocks,
                       {.table = plan.source_number,
                        .after = manifest.position,
                        .through = plan.through,
                        .until = *plan.until},
                       stop, &loader));
  }
  ZAEL_TRY(loader.Flush());
  ZAEL_ASSIGN(const std::uint64_t count, BuildIndexes(core.rocks, *restoring->table, stop));
  restoring->table->item_count->store(static_cast<std::int64_t>(count), std::memory_order_relaxed);
  ZAEL_TRY(core.rocks.SyncedThrough());
  return {};
}

}  // namespace

std::string EncodePlan(const RestorePlan& plan) {
  Item item{{"manifest", plan.manifest},
            {"source_number", static_cast<std::int64_t>(plan.source_number)},
            {"through", static_cast<std::int64_t>(plan.through)}};
  if (plan.until.has_value()) item.Set("until_ms", ToEpochMs(*plan.until));
  std::string bytes;
  store::EncodeItem(item, &bytes);
  return bytes;
}

Result<RestorePlan> DecodePlan(std::string_view bytes) {
  ZAEL_ASSIGN(const Item item, store::DecodeItem(bytes));
  const Value* manifest = item.Find("manifest");
  const auto* path = manifest == nullptr ? nullptr : manifest->As<std::string>();
  const auto number = IntegerOf(item, "source_number");
  const auto through = IntegerOf(item, "through");
  if (path == nullptr || !number.has_value() || !through.has_value())
    return Error(ErrorCode::kDataLoss, "read restore plan: it cannot be understood");
  RestorePlan plan{.manifest = *path,
                   .source_number = static_cast<std::uint32_t>(*number),
                   .through = static_cast<ChangePosition>(*through),
                   .until = std::nullopt};
  if (const auto until = IntegerOf(item, "until_ms")) plan.until = FromEpochMs(*until);
  return plan;
}

Status MakeRestored(const Core& core, Tables& tables, const BackupFiles& files,
                    const RestoringPtr& restoring, const std::atomic<bool>& stop) {
  Status filled = Fill(core, files, restoring, stop);
  if (filled.ok()) filled = tables.EndRestore(restoring);
  if (filled.ok() || stop.load(std::memory_order_relaxed)) return filled;
  (void)tables.AbandonRestore(
      restoring, filled.error());  // what stands in the way of it, the next open removes
  return filled;
}

}  // namespace zael::engine
