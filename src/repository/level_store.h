// LevelStore: reads one configuration level and replaces it in one step.
//
// Replacing writes every item of the level with the version it had before as condition (absent for
// new names) and the next version in all of them, so of two administrators one loses and tries
// again on what the other left. Two who both start from an empty level may hold different items:
// the level is read once more after the write and, if it is a mixture, replaced again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/keys.h"
#include "repository/resolve.h"
#include "repository/table_session.h"

namespace zael::repository {

// What a level should hold. Nothing at all removes the level.
struct LevelContent {
  Limits limits;
  std::optional<OnUnavailable> on_unavailable;  // of the system level only
  bool remove = false;
};

// A level as it was read. Of the system level the config record counts too.
struct LevelSnapshot {
  LevelRecords level;
  std::optional<OnUnavailable> on_unavailable;
  std::optional<std::int64_t> config_version;  // of the system's config record
  bool torn = false;

  bool empty() const { return level.empty() && !config_version; }
  std::int64_t newest_version() const;
};

// Thread-safe. Keep the session alive.
class LevelStore {
 public:
  explicit LevelStore(TableSession& session) : session_(session) {}

  // Reads again while the level is torn, kTornReadings times at most.
  Result<LevelSnapshot> Read(const records::LimitLevel& level);

  // Errors: kNotFound (removing an empty level), kAborted, kDataLoss (what is stored cannot be
  // read), and the store's.
  Status Replace(const records::LimitLevel& level, const LevelContent& content);

 private:
  Result<LevelSnapshot> ReadOnce(const records::LimitLevel& level);
  Result<Attempt> TryReplace(const records::LimitLevel& level, const LevelContent& content);
  Result<bool> IsMixture(const records::LimitLevel& level, const LevelContent& content,
                         std::int64_t version);
  Status AddRegistryWrite(const std::string& resource, bool remove,
                          std::vector<TransactItem>& writes);

  TableSession& session_;
};

// `system defaults`, `defaults of resource 'gpt-4'`, `limits of entity 'k' for resource 'gpt-4'`.
std::string DescribeLevel(const records::LimitLevel& level);

}  // namespace zael::repository
