// TableBuckets: the Buckets facet over a table.
#pragma once

#include <zael/bucket.h>

#include "repository/table_session.h"

namespace zael::repository {

// Thread-safe. Keep the session alive.
class TableBuckets final : public Buckets {
 public:
  explicit TableBuckets(TableSession& session) : session_(session) {}

  Result<std::vector<BucketSnapshot>> Show(std::string_view entity_id,
                                           const BucketFilter& filter) override;
  // Looks at keys only, so that it also removes buckets that cannot be read.
  Result<std::size_t> Reset(std::string_view entity_id, const BucketFilter& filter) override;

 private:
  Result<std::vector<Item>> Find(std::string_view entity_id, const BucketFilter& filter);
  Status Remove(std::string_view entity_id, const BucketFilter& filter,
                const std::vector<Key>& keys);

  TableSession& session_;
};

}  // namespace zael::repository
