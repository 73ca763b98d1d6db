#include "tests/integration/dynamodb/chaos_ledger.h"

#include <set>
#include <string_view>

namespace zael::dynamo {
namespace {

bool MayHaveHappened(const Error& error) {
  return error.message().find("may have been") != std::string::npos;
}

}  // namespace

std::string ChaosLedger::BucketOf(const std::string& entity, const std::string& limit) {
  return entity + "/" + limit;
}

void ChaosLedger::SetLimit(const std::string& bucket, const Limit& limit) {
  const std::lock_guard lock(mutex_);
  history_.SetLimit(bucket, limit, 0);
}

void ChaosLedger::TakeGrant(const std::vector<LimitStatus>& statuses, std::int64_t until_ms) {
  const std::lock_guard lock(mutex_);
  ++granted_;
  for (const LimitStatus& status : statuses) {
    if (status.requested == 0) continue;
    const std::string bucket = BucketOf(status.entity_id, status.limit);
    accounts_[bucket].booked += status.requested;
    history_.Grant(bucket, status.requested, status.as_of.time_since_epoch().count(), until_ms);
  }
}

void ChaosLedger::TakeDenial() {
  const std::lock_guard lock(mutex_);
  ++denied_;
}

void ChaosLedger::TakeFailure(const std::string& entity, const Amounts& amounts, const Error& error,
                              std::int64_t from_ms) {
  const std::lock_guard lock(mutex_);
  if (!MayHaveHappened(error)) {
    ++failed_;
    return;
  }
  ++unknown_;
  for (const auto& [name, tokens] : amounts) {
    accounts_[BucketOf(entity, name)].unknown.push_back({tokens, from_ms});
  }
}

void ChaosLedger::TakeRollback(const std::string& entity, const Amounts& amounts,
                               std::int64_t from_ms, std::int64_t until_ms) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, tokens] : amounts) {
    const std::string bucket = BucketOf(entity, name);
    accounts_[bucket].booked -= tokens;
    history_.Adjust(bucket, -tokens, from_ms, until_ms);
  }
}

bool ChaosLedger::Explains(const std::string& bucket, std::int64_t consumed) const {
  const std::lock_guard lock(mutex_);
  const auto account = accounts_.find(bucket);
  if (account == accounts_.end()) return consumed == 0;
  std::set<std::int64_t> possible{account->second.booked};
  for (const Unknown& unknown : account->second.unknown) {
    std::set<std::int64_t> also;
    for (const std::int64_t total : possible) also.insert(total + unknown.tokens);
    possible.merge(also);
  }
  return possible.contains(consumed);
}

std::string ChaosLedger::ToText(const std::string& bucket) const {
  const std::lock_guard lock(mutex_);
  const auto account = accounts_.find(bucket);
  if (account == accounts_.end()) return bucket + ": untouched";
  std::string text = bucket + ": acknowledged " + std::to_string(account->second.booked);
  text += ", may have happened";
  for (const Unknown& unknown : account->second.unknown) {
    text += " " + std::to_string(unknown.tokens);
  }
  return text;
}

std::vector<testing::OverAdmission> ChaosLedger::FindOverAdmissions(std::int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  testing::HistoryChecker history = history_;
  for (const auto& [bucket, account] : accounts_) {
    for (const Unknown& unknown : account.unknown) {
      if (unknown.tokens < 0) history.Adjust(bucket, unknown.tokens, unknown.from_ms, now_ms);
    }
  }
  return history.FindOverAdmissions();
}

}  // namespace zael::dynamo
