#include "repository/buckets.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"
#include "limit/names.h"
#include "records/attributes.h"
#include "records/bucket_record.h"
#include "records/keys.h"

namespace zael::repository {
namespace {

Status ValidateFilter(std::string_view entity_id, const BucketFilter& filter) {
  ZAEL_TRY(limit::ValidateIdentifier("entity_id", entity_id));
  if (filter.resource) {
    ZAEL_TRY(limit::ValidateResource(*filter.resource));
  }
  if (filter.limit) {
    ZAEL_TRY(limit::ValidateLimitName(*filter.limit));
  }
  return {};
}

Result<BucketSnapshot> SnapshotOf(const Item& item, WallTime now) {
  ZAEL_ASSIGN(const records::BucketRecord record, records::DecodeBucket(item));
  const std::optional<records::BucketId> id = records::ParseBucketKey(item);
  if (!id) {
    return Error(ErrorCode::kDataLoss,
                 Format("read bucket {}: the key is not that of a bucket", records::KeyText(item)));
  }
  const auto& [params, balance] = record.state;
  BucketSnapshot snapshot{.entity_id = id->entity_id,
                          .resource = id->resource,
                          .limit = LimitOf(id->limit, params),
                          .tokens_milli = balance.tokens_milli,
                          .available = AvailableTokens(params, balance, ToEpochMs(now)),
                          .last_refill = FromEpochMs(balance.last_refill_ms),
                          .total_consumed_milli = record.total_consumed_milli.ToText(),
                          .expires_at = {}};
  if (record.ttl_seconds)
    snapshot.expires_at = std::chrono::sys_seconds(std::chrono::seconds(*record.ttl_seconds));
  return snapshot;
}

}  // namespace

Result<std::vector<Item>> TableBuckets::Find(std::string_view entity_id,
                                             const BucketFilter& filter) {
  QueryRequest query;
  query.table = session_.table();
  query.hash = Value(records::EntityPk(entity_id));
  std::string prefix(records::kBucketSkPrefix);
  if (filter.resource) prefix.append(*filter.resource).append("#");
  query.range = Condition{BeginsWith{Path(records::kSk), Value(std::move(prefix))}};
  ZAEL_ASSIGN(std::vector<Item> items, session_.QueryAll(std::move(query)));
  if (filter.limit) {
    std::erase_if(items, [&](const Item& item) {
      const auto id = records::ParseBucketKey(item);
      return !id || id->limit != *filter.limit;
    });
  }
  return items;
}

Result<std::vector<BucketSnapshot>> TableBuckets::Show(std::string_view entity_id,
                                                       const BucketFilter& filter) {
  ZAEL_TRY(ValidateFilter(entity_id, filter));
  ZAEL_ASSIGN(const std::vector<Item> items, Find(entity_id, filter));
  const WallTime now = session_.clock().WallNow();
  std::vector<BucketSnapshot> snapshots;
  snapshots.reserve(items.size());
  for (const Item& item : items) {
    ZAEL_ASSIGN(BucketSnapshot snapshot, SnapshotOf(item, now));
    snapshots.push_back(std::move(snapshot));
  }
  return snapshots;
}

Status TableBuckets::Remove(std::string_view entity_id, const BucketFilter& filter,
                            const std::vector<Key>& keys) {
  AuditEntry entry{.subject = std::string(entity_id),
                   .action = records::kBucketsReset,
                   .resource = filter.resource,
                   .details = {{"removed", Format("{}", keys.size())}}};
  if (filter.limit) entry.details.emplace("limit", *filter.limit);
  return session_.Retry(
      Format("reset buckets of entity {}", Shorten(entity_id)), [&]() -> Result<Attempt> {
        std::vector<TransactItem> deletes;
        for (const Key& key : keys)
          deletes.push_back(DeleteRequest{.table = session_.table(), .key = key});
        ZAEL_ASSIGN(const TransactOutcome outcome, session_.Commit(std::move(deletes), entry));
        return outcome.applied ? Attempt::kDone : Attempt::kLostRace;
      });
}

Result<std::size_t> TableBuckets::Reset(std::string_view entity_id, const BucketFilter& filter) {
  ZAEL_TRY(ValidateFilter(entity_id, filter));
  ZAEL_ASSIGN(const std::vector<Item> items, Find(entity_id, filter));
  constexpr std::size_t kPerCommit = kMaxTransactItems - 1;  // and the audit event
  std::vector<Key> keys;
  Status reset;
  for (std::size_t i = 0; i < items.size() && reset.ok(); ++i) {
    keys.push_back(records::KeyOf(items[i]));
    if (keys.size() < kPerCommit && i + 1 < items.size()) continue;
    reset = Remove(entity_id, filter, keys);
    keys.clear();
  }
  if (!items.empty()) {
    session_.Notify([&](ConfigObserver& observer) { observer.OnBucketsChanged(entity_id); });
  }
  ZAEL_TRY(reset);
  return items.size();
}

}  // namespace zael::repository
