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

namespace zael::endpoint {

struct Segment {
  std::uint64_t number = 0;
  std::uint64_t total = 1;
};

struct PageRequest {
  QueryRequest query;  // its filter, limit and start are those below
  const KeySchema* table_keys = nullptr;
  const KeySchema* walked_keys = nullptr;  // of the index, or the table's
  std::optional<Condition> filter;
  std::optional<std::size_t> limit;  // rows read
  std::optional<Segment> segment;
};

struct PageAnswer {
  std::vector<Item> items;  // what the filter leaves
  std::size_t scanned = 0;
  std::size_t bytes = 0;  // of what was scanned
  std::optional<Key> last;
};

ApiResult<PageAnswer> ReadPage(ItemStore& items, PageRequest request);

}  // namespace zael::endpoint
