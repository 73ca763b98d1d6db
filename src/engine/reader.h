// Reader: gets, batch gets and queries. A query page is read from one instant.
#pragma once

#include <zael/store.h>

#include <optional>
#include <vector>

#include "engine/writer.h"

namespace zael::engine {

// Thread-safe.
class Reader {
 public:
  explicit Reader(Core core) : core_(core) {}

  Result<std::optional<Item>> Get(const GetRequest& request) const;
  Result<std::vector<Item>> BatchGet(const BatchGetRequest& request) const;
  Result<QueryPage> Query(const QueryRequest& request) const;

 private:
  Core core_;
};

}  // namespace zael::engine
