// PageReader: one page of a Query or a Scan, counted as DynamoDB counts it.
//
// The store reads rows; here a page ends at its limit or at 1 MB of what was read, whatever the
// filter leaves of it, and says so with the key to go on from, even when nothing follows. A segment
// of a parallel scan keeps the rows whose hash key falls into it: a scan by N segments reads the
// table N times. Thread-compatible. Facts: dynamodb-api.md 1.6.
#pragma once

#include <zael/store.h>

#include <cstddef>
#include <optional>
#include <vector>

#include "endpoint/api_error.h"
#include "endpoint/items/item_table.h"

namespace zael::endpoint {

struct Segment {
  std::uint64_t number = 0;
  std::uint64_t total = 1;
};

struct PageRequest {
  QueryRequest query;  // without filter and limit
  const ItemTable* table = nullptr;
  const IndexSpec* index = nullptr;  // nullptr: the table itself
  bool whole_items = false;          // also what the index does not show
  std::optional<Condition> filter;
  std::optional<std::size_t> limit;  // rows read
  std::optional<Segment> segment;
  // Rows of other segments: a thin segment would read all of the table for one page, so it answers
  // an unfilled page then.
  std::size_t max_passed_over = 100'000;
};

struct PageAnswer {
  std::vector<Item> items;  // what the filter leaves
  std::size_t scanned = 0;
  std::size_t bytes = 0;  // of what was scanned
  std::optional<Key> last;
};

ApiResult<PageAnswer> ReadPage(ItemStore& items, PageRequest request);

}  // namespace zael::endpoint
