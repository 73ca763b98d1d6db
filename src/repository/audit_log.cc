#include "repository/audit_log.h"

#include <utility>

#include "base/try.h"
#include "limit/names.h"
#include "records/attributes.h"
#include "records/audit_record.h"
#include "records/keys.h"

namespace zael::repository {
namespace {

// Entity ids, `$SYSTEM`, `$RESOURCE:{resource}`.
Status ValidateSubject(std::string_view subject) {
  if (subject == records::kSystemSubject) return {};
  if (subject.starts_with(records::kResourceSubjectPrefix)) {
    return limit::ValidateResource(subject.substr(records::kResourceSubjectPrefix.size()));
  }
  return limit::ValidateIdentifier("subject", subject);
}

}  // namespace

Result<AuditPage> TableAudit::List(std::string_view subject, std::size_t max_events,
                                   std::optional<std::string> next) {
  ZAEL_TRY(ValidateSubject(subject));
  if (max_events == 0) {
    return Error(ErrorCode::kInvalidArgument,
                 "list audit events: max_events is 0, must be at least 1");
  }
  QueryRequest query;
  query.table = session_.table();
  query.hash = Value(records::AuditPk(subject));
  query.range = Condition{BeginsWith{Path(records::kSk), Value(records::kAuditSkPrefix)}};
  query.ascending = false;
  if (next) {
    ZAEL_ASSIGN(query.start_after, DecodePlace(*next));
  }
  ZAEL_ASSIGN(const QueryPage page, session_.QuerySome(std::move(query), max_events));
  AuditPage answer;
  for (const Item& item : page.items) {
    ZAEL_ASSIGN(AuditEvent event, records::DecodeAudit(item));
    answer.events.push_back(std::move(event));
  }
  if (page.next) answer.next = EncodePlace(*page.next);
  return answer;
}

}  // namespace zael::repository
