// ChangeLog: reads the change feed and cuts off what is older than it promises to keep.
#pragma once

#include <zael/store.h>

#include <chrono>
#include <string_view>

#include "engine/writer.h"

namespace zael::engine {

inline constexpr std::chrono::hours kChangesKept{24};

// Thread-safe.
class ChangeLog final : public ChangeFeed {
 public:
  explicit ChangeLog(Core core) : core_(core) {}

  Result<ChangePage> ReadChanges(std::string_view table, ChangePosition after,
                                 std::size_t max_changes) override;

  // Drops the changes older than kChangesKept of every table. The newest one of a table always
  // stays: it says where the positions go on after a restart.
  Status Trim();

  // The last position written to any of the tables, and at least the catalog's.
  static Result<ChangePosition> LastPosition(const Rocks& rocks, const Catalog& catalog);

 private:
  Status TrimTable(const Table& table, WallTime before);

  Core core_;
};

}  // namespace zael::engine
