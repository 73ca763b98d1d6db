#include "tests/integration/crash/limiter_load.h"

#include <zael/limiter.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "base/random.h"

namespace zael::crash {
namespace {

const std::string kTeam = "team";
const std::string kResource = "api";

std::size_t BucketOf(const std::string& entity, const std::string& limit) {
  const auto& buckets = LoadBuckets();
  const auto place = std::find_if(buckets.begin(), buckets.end(), [&](const LoadBucket& bucket) {
    return bucket.entity == entity && bucket.limit.name == limit;
  });
  return static_cast<std::size_t>(place - buckets.begin());
}

Limits LimitsOf(const std::string& entity) {
  Limits limits;
  for (const LoadBucket& bucket : LoadBuckets()) {
    if (bucket.entity == entity) limits.push_back(bucket.limit);
  }
  return limits;
}

class LoadThread {
 public:
  LoadThread(std::uint32_t number, std::uint64_t seed,
             const std::shared_ptr<Repository>& repository, LoadObserver& observer)
      : number_(number),
        random_(seed * kLoadThreads + number),
        repository_(*repository),
        limiter_(repository),
        observer_(observer) {}

  void Run(const std::atomic<bool>& stop) {
    while (!stop && AcquireOnce()) {
    }
  }

 private:
  std::int64_t Below(std::uint64_t bound) {
    return static_cast<std::int64_t>(random_.Below(bound));
  }
  std::int64_t NowMs() { return repository_.clock().WallNow().time_since_epoch().count(); }

  LoadEvent EventOf(const std::string& entity, const Amounts& deltas) {
    LoadEvent event{.thread = number_, .from_ms = NowMs()};
    for (const auto& [name, delta] : deltas) {
      event.tokens[BucketOf(entity, name)] = delta;
      event.tokens[BucketOf(kTeam, name)] = delta;
    }
    return event;
  }

  void Answer(LoadEvent event, LoadEventKind kind) {
    event.kind = kind;
    event.until_ms = NowMs();
    observer_.OnEvent(event);
  }

  // False: an error ended it.
  bool AcquireOnce() {
    const AcquireRequest request{.entity_id = Below(2) == 0 ? "child-a" : "child-b",
                                 .resource = kResource,
                                 .consume = {{"rpm", 1 + Below(3)}, {"tpm", Below(9)}}};
    LoadEvent event = EventOf(request.entity_id, request.consume);
    observer_.OnEvent(event);
    auto decision = limiter_.Acquire(request);
    if (!decision.ok()) return observer_.OnError(decision.error()), false;
    for (const LimitStatus& status : decision->statuses()) {
      event.as_of_ms[BucketOf(status.entity_id, status.limit)] =
          status.as_of.time_since_epoch().count();
    }
    Answer(event, decision->granted() ? LoadEventKind::kGranted : LoadEventKind::kRefused);
    if (!decision->granted()) return true;
    Lease lease = decision->TakeLease();
    return Correct(event, request, lease);
  }

  bool Correct(const LoadEvent& grant, const AcquireRequest& request, Lease& lease) {
    const std::int64_t dice = Below(10);
    if (dice < 5) return true;  // the lease keeps what it took
    Amounts deltas = request.consume;
    for (auto& [name, delta] : deltas) {
      const std::int64_t held = delta;
      delta = dice < 7 ? Below(6) : -held;
      if (dice == 7) delta = -Below(static_cast<std::uint64_t>(held) + 1);
    }
    LoadEvent event = EventOf(request.entity_id, deltas);
    event.as_of_ms = grant.as_of_ms;
    observer_.OnEvent(event);
    const Status done = dice < 8 ? lease.Adjust(deltas) : lease.Rollback();
    if (!done.ok()) return observer_.OnError(done.error()), false;
    Answer(event, LoadEventKind::kCorrected);
    return true;
  }

  const std::uint32_t number_;
  SeededRandom random_;
  Repository& repository_;
  RateLimiter limiter_;
  LoadObserver& observer_;
};

}  // namespace

// Less than the threads ask for, so that every grant is a close decision.
const std::vector<LoadBucket>& LoadBuckets() {
  static const std::vector<LoadBucket> buckets = {
      {"child-a", Limit::PerSecond("rpm", 2'000, 2'000)},
      {"child-a", Limit::PerSecond("tpm", 4'000, 8'000)},
      {"child-b", Limit::PerSecond("rpm", 2'000, 2'000)},
      {"child-b", Limit::PerSecond("tpm", 4'000, 8'000)},
      {kTeam, Limit::PerSecond("rpm", 3'000, 3'000)},
      {kTeam, Limit::PerSecond("tpm", 7'000, 9'000)}};
  return buckets;
}

Status PrepareLoad(Repository& repository) {
  for (const std::string& id : {kTeam, std::string("child-a"), std::string("child-b")}) {
    Entity spec{.id = id};
    if (id != kTeam) {
      spec.parent_id = kTeam;
      spec.cascade = true;
    }
    const auto made = repository.entities().Create(spec);
    if (!made.ok() && made.error().code() != ErrorCode::kAlreadyExists) return made.error();
    const Status set = repository.configuration().SetLimits(id, kResource, LimitsOf(id));
    if (!set.ok()) return set.error();
  }
  return {};
}

void RunLoad(const std::shared_ptr<Repository>& repository, std::uint64_t seed,
             LoadObserver& observer, const std::atomic<bool>& stop) {
  std::vector<std::thread> threads;
  for (std::uint32_t number = 0; number < kLoadThreads; ++number) {
    threads.emplace_back([&, number] { LoadThread(number, seed, repository, observer).Run(stop); });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace zael::crash
