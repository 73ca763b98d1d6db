#include "dynamo/change_client.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>
#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "dynamo/answer_exchange.h"

namespace zael::dynamo {
namespace {

constexpr int kOrdinalBits = 30;
constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kMaxGathered = 100'000;
constexpr int kMaxPages = 10'000;
// An open shard always names a next page: some empty ones in a row are taken for its end.
constexpr int kEmptyPages = 3;

std::int64_t SecondOf(ChangePosition position) {
  return static_cast<std::int64_t>(position >> kOrdinalBits);
}

ChangePosition PositionOf(std::int64_t second, std::size_t ordinal) {
  return (static_cast<ChangePosition>(second) << kOrdinalBits) | ordinal;
}

std::int64_t SecondOf(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

Result<ChangePage> ChangeClient::ReadChanges(std::string_view table, ChangePosition after,
                                             std::size_t max_changes) {
  ZAEL_ASSIGN(const TableState state, tables_.State(table));
  if (state.stream_arn.empty() || max_changes == 0) return ChangePage{.changes = {}, .next = after};
  Progress progress = Recall(state.stream_arn, after);
  ZAEL_ASSIGN(Gathered gathered, Gather(state.stream_arn, progress, after, max_changes));
  auto& records = gathered.records;
  // Stable: the records of one shard keep their order.
  std::stable_sort(records.begin(), records.end(), [](const Found& a, const Found& b) {
    return std::tie(a.second, a.shard) < std::tie(b.second, b.shard);
  });
  ChangePage page{.changes = {}, .next = after};
  std::int64_t second = -1;
  std::size_t ordinal = 0;
  for (Found& found : records) {
    if (found.second >= gathered.complete_before || page.changes.size() == max_changes) break;
    ordinal = found.second == std::exchange(second, found.second) ? ordinal + 1 : 1;
    const ChangePosition position = PositionOf(second, ordinal);
    if (position <= after) continue;
    found.record.change.position = page.next = position;
    page.changes.push_back(std::move(found.record.change));
  }
  for (const Found& found : records) {
    if (found.second < SecondOf(page.next)) progress[found.shard] = found.record.sequence;
  }
  Remember({.arn = state.stream_arn, .position = page.next, .progress = std::move(progress)});
  return page;
}

Result<std::vector<Shard>> ChangeClient::ShardsOf(const std::string& arn) {
  std::vector<Shard> shards;
  std::optional<std::string> after;
  for (int pages = 0; pages < kMaxPages; ++pages) {
    ZAEL_ASSIGN(ShardPage page, Ask<ShardPage>(runner_, RenderDescribeStream(arn, after),
                                               &ReadShards, std::nullopt));
    std::move(page.shards.begin(), page.shards.end(), std::back_inserter(shards));
    if (!page.next) return shards;
    after = std::move(page.next);
  }
  return Error(ErrorCode::kUnavailable, "list shards: the pages never end");
}

Result<ChangeClient::Gathered> ChangeClient::Gather(const std::string& arn,
                                                    const Progress& progress, ChangePosition after,
                                                    std::size_t max_changes) {
  ZAEL_ASSIGN(const std::vector<Shard> shards, ShardsOf(arn));
  Gathered gathered{.records = {}, .complete_before = kForever};
  const auto open =
      std::count_if(shards.begin(), shards.end(), [](const Shard& shard) { return shard.open; });
  if (open > 1) {
    gathered.complete_before = SecondOf(runner_.clock().WallNow() - kSettling);
  }
  for (const Shard& shard : shards) {
    ZAEL_TRY(ReadShard(arn, shard, progress, after, max_changes, gathered));
  }
  return gathered;
}

// Until enough whole seconds after the place were seen, or the shard's end.
Status ChangeClient::ReadShard(const std::string& arn, const Shard& shard, const Progress& progress,
                               ChangePosition after, std::size_t max_changes, Gathered& gathered) {
  const auto known = progress.find(shard.id);
  std::optional<std::string> from;
  if (known != progress.end()) from = known->second;
  ZAEL_ASSIGN(std::optional<std::string> iterator,
              Ask<std::string>(runner_, RenderShardIterator(arn, shard.id, from),
                               &ReadShardIterator, std::nullopt));
  const std::int64_t place = SecondOf(after);
  // Times of one shard may fall back a little: its seconds here never do.
  std::int64_t second = known == progress.end() ? 0 : place;
  std::size_t whole = 0, last = 0;  // records of finished seconds past the place, and of the last
  for (int empty = 0; iterator && empty < kEmptyPages;) {
    ZAEL_ASSIGN(RecordPage page,
                Ask<RecordPage>(runner_, RenderGetRecords(*iterator), &ReadRecords, std::nullopt));
    empty = page.records.empty() ? empty + 1 : 0;
    for (StreamRecord& record : page.records) {
      const std::int64_t before =
          std::exchange(second, std::max(second, SecondOf(record.change.at)));
      if (second != before) whole += std::exchange(last, 0);
      if (second < place) continue;
      if (second > place) ++last;
      gathered.records.push_back(
          {.second = second, .shard = shard.id, .record = std::move(record)});
    }
    if (gathered.records.size() > kMaxGathered) {
      return Error(
          ErrorCode::kDataLoss,
          Format("read changes of {}: more than {} records at one place", arn, kMaxGathered));
    }
    if (whole >= max_changes) {
      gathered.complete_before = std::min(gathered.complete_before, second);
      return {};
    }
    iterator = std::move(page.next);
  }
  return {};
}

ChangeClient::Progress ChangeClient::Recall(std::string_view arn, ChangePosition position) {
  const MutexLock lock(mutex_);
  const auto found = std::find_if(places_.begin(), places_.end(), [&](const Place& place) {
    return place.position == position && place.arn == arn;
  });
  return found == places_.end() ? Progress() : found->progress;
}

void ChangeClient::Remember(Place place) {
  const MutexLock lock(mutex_);
  places_.remove_if([&](const Place& known) {
    return known.position == place.position && known.arn == place.arn;
  });
  places_.push_front(std::move(place));
  if (places_.size() > kMaxRemembered) places_.pop_back();
}

}  // namespace zael::dynamo
