// TableAudit: the Audit facet over a table. Events are written by TableSession::Commit.
#pragma once

#include <zael/audit.h>

#include "repository/table_session.h"

namespace zael::repository {

// Thread-safe. Keep the session alive.
class TableAudit final : public Audit {
 public:
  explicit TableAudit(TableSession& session) : session_(session) {}

  Result<AuditPage> List(std::string_view subject, std::size_t max_events,
                         std::optional<std::string> next) override;

 private:
  TableSession& session_;
};

}  // namespace zael::repository
