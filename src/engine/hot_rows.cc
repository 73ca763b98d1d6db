#include "engine/hot_rows.h"

#include <algorithm>
#include <utility>

namespace zael::engine {

std::unique_ptr<Row> HotRows::Take(std::size_t stripe, std::string_view key) {
  auto& rows = rows_[stripe];
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row->key == key; });
  if (found == rows.end()) return nullptr;
  auto row = std::move(*found);
  rows.erase(found);
  return row;
}

void HotRows::Keep(std::size_t stripe, std::unique_ptr<Row> row) {
  if (!row->exists() || row->bytes.size() > kMaxRowBytes) return;
  auto& rows = rows_[stripe];
  if (rows.size() == kRowsPerStripe) rows.pop_back();
  rows.insert(rows.begin(), std::move(row));
}

void HotRows::DropTable(std::string_view prefix) {
  for (auto& rows : rows_) {
    std::erase_if(rows, [&](const auto& row) { return row->key.starts_with(prefix); });
  }
}

}  // namespace zael::engine
