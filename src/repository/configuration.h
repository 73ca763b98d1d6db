// TableConfiguration: the Configuration facet over a table.
#pragma once

#include <zael/config.h>

#include "repository/level_store.h"

namespace zael::repository {

// Thread-safe. Keep the session alive.
class TableConfiguration final : public Configuration {
 public:
  explicit TableConfiguration(TableSession& session) : session_(session), levels_(session) {}

  Status SetSystemDefaults(const SystemDefaults& defaults) override;
  Result<SystemDefaults> GetSystemDefaults() override;
  Status DeleteSystemDefaults() override;

  Status SetResourceDefaults(std::string_view resource, const Limits& limits) override;
  Result<Limits> GetResourceDefaults(std::string_view resource) override;
  Status DeleteResourceDefaults(std::string_view resource) override;
  Result<std::vector<std::string>> ListResourcesWithDefaults() override;

  Status SetLimits(std::string_view entity_id, std::string_view resource,
                   const Limits& limits) override;
  Result<Limits> GetLimits(std::string_view entity_id, std::string_view resource) override;
  Status DeleteLimits(std::string_view entity_id, std::string_view resource) override;

  Result<std::vector<ConfigExplanation>> Explain(std::string_view entity_id,
                                                 std::string_view resource) override;

 private:
  Status Replace(const records::LimitLevel& level, const LevelContent& content);

  TableSession& session_;
  LevelStore levels_;
};

}  // namespace zael::repository
