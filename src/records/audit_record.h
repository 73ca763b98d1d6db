// Audit records: `AUDIT#{subject}` / `#AUDIT#{ulid}`, expiring after the retention.
#pragma once

#include <zael/audit.h>
#include <zael/result.h>
#include <zael/value.h>

#include <chrono>

namespace zael::records {

// `ttl` is the event's time plus `retention`.
Item EncodeAudit(const AuditEvent& event, std::chrono::hours retention);

// Errors: kDataLoss naming the key.
Result<AuditEvent> DecodeAudit(const Item& item);

}  // namespace zael::records
