// Tables: creating, describing, changing and deleting tables of the engine.
#pragma once

#include <zael/store.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/random.h"
#include "engine/writer.h"

namespace zael::engine {

// Thread-safe. Changes go one at a time and keep every writer out while they are put in place.
class Tables final : public TableAdmin {
 public:
  Tables(Core core, RandomSource& random) : core_(core), random_(random) {}

  Result<TableDescription> CreateTable(const TableSpec& spec) override;
  Result<TableDescription> DescribeTable(std::string_view name) override;
  Result<TableDescription> UpdateTable(std::string_view name, const TableUpdate& update) override;
  Status DeleteTable(std::string_view name) override;
  Result<std::vector<std::string>> ListTables() override;

  // What makes the rows of a deleted table with recovery on into a backup and drops them: told when
  // there are some.
  void TellRemovals(std::function<void()> on_removed) { on_removed_ = std::move(on_removed); }

  Status SetRecovery(std::string_view name, int days);

  // A table to be filled: `spec`, a new number and id. Errors: kAlreadyExists, kInvalidArgument.
  Result<RestoringPtr> BeginRestore(RestoringPtr restoring);
  // Its name stays taken until the one or the other.
  Status EndRestore(const RestoringPtr& restoring);
  Status AbandonRestore(const RestoringPtr& restoring, const Error& why);

 private:
  Status RefuseTaken(std::string_view name, std::string_view action) const;

  Core core_;
  RandomSource& random_;
  std::function<void()> on_removed_;
  Mutex changing_;
};

}  // namespace zael::engine
