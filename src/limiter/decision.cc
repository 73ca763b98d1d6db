#include <zael/decision.h>

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "json/json_writer.h"

namespace zael {
namespace {

// "Never" is longer than any wait.
bool WaitsLess(const LimitStatus& a, const LimitStatus& b) {
  if (!a.retry_after || !b.retry_after) return a.retry_after && !b.retry_after;
  return *a.retry_after < *b.retry_after;
}

void WriteWait(json::JsonWriter& json, const std::optional<Milliseconds>& wait) {
  json.Key("retry_after_seconds");
  wait ? json.Double(static_cast<double>(wait->count()) / 1000.0) : json.Null();
  json.Key("retry_after_ms");
  wait ? json.Int(wait->count()) : json.Null();
}

std::string MessageOf(const LimitStatus& worst, std::size_t exceeded) {
  std::string message = Format("{} of {} {} exceeded: {} requested, {} available", worst.limit,
                               worst.entity_id, worst.resource, worst.requested, worst.available);
  if (exceeded > 1) message += Format(" (and {} more)", exceeded - 1);
  if (!worst.retry_after) return message + "; never granted, the request is above the burst";
  return message + Format("; retry after {} ms", worst.retry_after->count());
}

}  // namespace

Decision::Decision(bool granted, std::vector<LimitStatus> statuses, Lease lease)
    : granted_(granted), statuses_(std::move(statuses)), lease_(std::move(lease)) {}

Decision Decision::Granted(std::vector<LimitStatus> statuses, Lease lease) {
  return Decision(true, std::move(statuses), std::move(lease));
}

Decision Decision::Denied(std::vector<LimitStatus> statuses) {
  return Decision(false, std::move(statuses), Lease());
}

std::vector<LimitStatus> Decision::violations() const {
  std::vector<LimitStatus> exceeded;
  for (const LimitStatus& status : statuses_) {
    if (status.exceeded) exceeded.push_back(status);
  }
  return exceeded;
}

const LimitStatus* Decision::primary_violation() const {
  const LimitStatus* worst = nullptr;
  for (const LimitStatus& status : statuses_) {
    if (status.exceeded && (worst == nullptr || WaitsLess(*worst, status))) worst = &status;
  }
  return granted_ ? nullptr : worst;
}

std::optional<Milliseconds> Decision::retry_after() const {
  const LimitStatus* worst = primary_violation();
  return worst == nullptr ? Milliseconds(0) : worst->retry_after;
}

Lease Decision::TakeLease() { return std::exchange(lease_, Lease()); }

std::string Decision::ToJson() const {
  const LimitStatus* worst = primary_violation();
  const auto exceeded = static_cast<std::size_t>(std::count_if(
      statuses_.begin(), statuses_.end(), [](const LimitStatus& s) { return s.exceeded; }));
  json::JsonWriter json;
  json.BeginObject().Key("granted").Bool(granted_);
  json.Key("error");
  granted_ ? json.Null() : json.String("rate_limit_exceeded");
  json.Key("message");
  worst == nullptr ? json.Null() : json.String(MessageOf(*worst, exceeded));
  WriteWait(json, retry_after());
  json.Key("limits").BeginArray();
  for (const LimitStatus& status : statuses_) {
    json.BeginObject();
    json.Key("entity_id").String(status.entity_id);
    json.Key("resource").String(status.resource);
    json.Key("limit").String(status.limit);
    json.Key("available").Int(status.available);
    json.Key("requested").Int(status.requested);
    json.Key("exceeded").Bool(status.exceeded);
    WriteWait(json, status.retry_after);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

}  // namespace zael
