// Tables: creating, describing, changing and deleting tables of the engine.
#pragma once

#include <zael/store.h>

#include <string>
#include <string_view>
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

 private:
  Core core_;
  RandomSource& random_;
  Mutex changing_;
};

}  // namespace zael::engine
