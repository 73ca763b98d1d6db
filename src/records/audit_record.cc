#include "records/audit_record.h"

#include "base/time.h"
#include "base/try.h"
#include "records/attributes.h"
#include "records/entity_record.h"
#include "records/fields.h"
#include "records/keys.h"

namespace zael::records {

Item EncodeAudit(const AuditEvent& event, std::chrono::hours retention) {
  Item item = AuditKey(event.subject, event.event_id);
  item.Set(kEntityId, event.subject);
  item.Set(kEventId, event.event_id);
  item.Set(kTimestamp, ToUtcText(event.timestamp));
  item.Set(kAction, event.action);
  item.Set(kPrincipal, TextOrNull(event.principal));
  item.Set(kResource, TextOrNull(event.resource));
  item.Set(kDetails, EncodeMetadata(event.details));
  item.Set(kTtl, ToEpochSeconds(event.timestamp + retention));
  return item;
}

Result<AuditEvent> DecodeAudit(const Item& item) {
  const FieldReader fields("audit event", item);
  AuditEvent event;
  ZAEL_ASSIGN(event.subject, fields.Text(kEntityId));
  ZAEL_ASSIGN(event.event_id, fields.Text(kEventId));
  ZAEL_ASSIGN(event.timestamp, fields.Time(kTimestamp));
  ZAEL_ASSIGN(event.action, fields.Text(kAction));
  ZAEL_ASSIGN(event.principal, fields.OptionalText(kPrincipal));
  ZAEL_ASSIGN(event.resource, fields.OptionalText(kResource));
  ZAEL_ASSIGN(event.details, fields.TextMap(kDetails));
  return event;
}

}  // namespace zael::records
