#include "engine/change_log.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "engine/change_record.h"
#include "engine/layout.h"

namespace zael::engine {
namespace {

// The positions of one table's changes, over bounds that live as long as it.
class Walk {
 public:
  Walk(const Rocks& rocks, const Table& table)
      : rocks_(rocks),
        table_(table),
        lower_text_(TablePrefix(table)),
        upper_text_(store::PrefixEnd(lower_text_)),
        lower_(ToSlice(lower_text_)),
        upper_(ToSlice(upper_text_)) {
    rocksdb::ReadOptions options;
    options.iterate_lower_bound = &lower_;
    options.iterate_upper_bound = &upper_;
    rows_ = rocks.Iterate(Family::kChanges, options);
  }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  void SeekFirst() { rows_->SeekToFirst(); }
  void SeekLast() { rows_->SeekToLast(); }
  void SeekFrom(ChangePosition position) { rows_->Seek(ToSlice(ChangeKey(table_, position))); }
  void Next() { rows_->Next(); }
  bool valid() const { return rows_->Valid(); }
  ChangePosition position() const { return PositionOf(ToView(rows_->key())); }
  std::string_view record() const { return ToView(rows_->value()); }
  Status status() const {
    if (rows_->status().ok()) return {};
    return rocks_.ToError(rows_->status(), "read");
  }

 private:
  const Rocks& rocks_;
  const Table& table_;
  std::string lower_text_, upper_text_;
  rocksdb::Slice lower_, upper_;
  std::unique_ptr<rocksdb::Iterator> rows_;
};

}  // namespace

Result<ChangePage> ChangeLog::ReadChanges(std::string_view table, ChangePosition after,
                                          std::size_t max_changes) {
  if (max_changes == 0) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("read changes of table {}: max_changes is 0", Shorten(table)));
  }
  ZAEL_ASSIGN(const TablePtr found, core_.catalog.Find(table));
  // Asked before the walk sees its instant: everything up to here is finished and in it.
  const ChangePosition visible = core_.gate.visible();
  ChangePage page{.changes = {}, .next = after};
  if (after >= visible) return page;
  Walk walk(core_.rocks, *found);
  for (walk.SeekFrom(after + 1); walk.valid() && walk.position() <= visible; walk.Next()) {
    auto changes = DecodeChangeRecord(walk.record(), walk.position(), found->spec.keys);
    if (!changes.ok()) {
      return Error(changes.error().code(),
                   Format("read changes of table {} at {}: {}", Shorten(table), walk.position(),
                          changes.error().message()));
    }
    page.next = walk.position();
    std::move(changes->begin(), changes->end(), std::back_inserter(page.changes));
    if (page.changes.size() >= max_changes) break;
  }
  ZAEL_TRY(walk.status());
  return page;
}

Status ChangeLog::Trim() {
  const WallTime before = core_.clock.WallNow() - kChangesKept;
  for (const TablePtr& table : core_.catalog.All()) ZAEL_TRY(TrimTable(*table, before));
  return {};
}

Status ChangeLog::TrimTable(const Table& table, WallTime before) {
  Walk walk(core_.rocks, table);
  walk.SeekLast();
  if (!walk.valid()) return walk.status();
  ChangePosition keep =
      std::min(walk.position(), core_.gate.visible());  // everything from here stays
  walk.SeekFirst();
  if (!walk.valid()) return walk.status();
  const ChangePosition oldest = walk.position();
  // Times ascend but for clock jumps, so halving finds the edge without reading the whole feed.
  for (ChangePosition low = oldest; low < keep;) {
    const ChangePosition middle = low + (keep - low) / 2;
    walk.SeekFrom(middle);
    if (!walk.valid()) return walk.status();
    ZAEL_ASSIGN(const WallTime at, ChangeRecordTime(walk.record()));
    if (at < before) {
      low = walk.position() + 1;
    } else {
      keep = middle;
    }
  }
  if (keep <= oldest) return {};
  return core_.rocks.DropRange(Family::kChanges, ChangeKey(table, oldest), ChangeKey(table, keep));
}

Result<ChangePosition> ChangeLog::LastPosition(const Rocks& rocks, const Catalog& catalog) {
  ChangePosition last = catalog.least_last_position();
  for (const TablePtr& table : catalog.All()) {
    Walk walk(rocks, *table);
    walk.SeekLast();
    ZAEL_TRY(walk.status());
    if (walk.valid()) last = std::max(last, walk.position());
  }
  return last;
}

}  // namespace zael::engine
