// Any bytes as a limiter's configuration and what happens under it: limits on every level,
// overrides, amounts and steps of time through the public API. Nothing crashes, nobody is
// over-admitted, errors are clean.
#include <zael/limiter.h>
#include <zael/repository.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <memory>
#include <string>

#include "base/check.h"
#include "repository/version.h"
#include "testing/memory_store.h"
#include "testing/simulated_clock.h"
#include "tests/simulation/bucket_audit.h"

namespace zael {
namespace {

constexpr int kMaxSteps = 200;
constexpr std::size_t kMaxLeases = 8;

// Reads values off the input; zeros once it is used up. Thread-compatible.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), end_(data + size) {}

  bool empty() const { return data_ == end_; }
  std::uint8_t Byte() { return empty() ? std::uint8_t{0} : *data_++; }
  std::uint64_t Word(int bytes) {
    std::uint64_t word = 0;
    for (int i = 0; i < bytes; ++i) word = word << 8 | Byte();
    return word;
  }

  // Small, large, negative or any, as the next byte says.
  std::int64_t Amount() {
    switch (Byte() % 8) {
      case 0:
        return static_cast<std::int64_t>(Word(8));
      case 1:
        return kMaxTokens - static_cast<std::int64_t>(Word(1));
      case 2:
        return static_cast<std::int64_t>(Word(4));
      case 3:
        return -static_cast<std::int64_t>(Word(2));
      default:
        return static_cast<std::int64_t>(Word(1));
    }
  }

  std::string Name() {
    static constexpr const char* kNames[] = {"rpm", "tpm",  "a.b-c",        "Z_9",
                                             "",    "1bad", "tokens_milli", "x#y"};
    const std::uint8_t choice = Byte();
    if (choice < 200) return kNames[choice % 4];
    if (choice < 230) return kNames[choice % 8];
    std::string name;
    for (int i = Byte() % 80; i > 0 && !empty(); --i) name += static_cast<char>(Byte());
    return name;
  }

 private:
  const std::uint8_t* data_;
  const std::uint8_t* end_;
};

class Run {
 public:
  Run(const std::uint8_t* data, std::size_t size) : bytes_(data, size), memory_(clock_) {
    CHECK(repository::InitializeTable(memory_.stores(), {.name = "limiter"}, *clock_).ok());
    for (int i = 0; i < 2; ++i) {
      auto repository = Repository::Over(
          memory_.stores(), {.clock = clock_, .random_seed = 1 + static_cast<std::uint64_t>(i)});
      CHECK(repository.ok());
      repositories_[i] = *repository;
      limiters_.emplace_back(*repository);
    }
    Clean(repositories_[0]->entities().Create({.id = "team"}));
    Clean(repositories_[0]->entities().Create({.id = "key", .parent_id = "team", .cascade = true}));
    Audit(simulation::Intent::kReset);
  }

  void Steps() {
    for (int i = 0; i < kMaxSteps && !bytes_.empty(); ++i) {
      const auto intent = Step();
      Audit(intent);
    }
    leases_.clear();
    Audit(simulation::Intent::kCorrection);
  }

 private:
  using Intent = simulation::Intent;

  // An answer, or an error that says what is wrong with the call; never a bug, never lost data.
  template <typename T>
  void Clean(const Result<T>& result) {
    if (result.ok()) return;
    const ErrorCode code = result.error().code();
    const bool is_clean = code == ErrorCode::kInvalidArgument || code == ErrorCode::kNotFound ||
                          code == ErrorCode::kFailedPrecondition;
    if (!is_clean || result.error().message().empty()) {
      std::fprintf(stderr, "unclean error: %s\n", result.error().message().c_str());
      std::abort();
    }
  }

  Limits MakeLimits() {
    Limits limits;
    for (int i = bytes_.Byte() % 4; i > 0; --i) {
      const std::int64_t capacity = bytes_.Amount();
      const bool plain = bytes_.Byte() % 4 != 0;
      limits.push_back(
          Limit::Custom(bytes_.Name(), capacity, plain ? capacity : bytes_.Amount(),
                        plain ? capacity : bytes_.Amount(),
                        std::chrono::seconds(plain ? 1 + static_cast<std::int64_t>(bytes_.Word(2))
                                                   : bytes_.Amount())));
    }
    return limits;
  }

  Amounts MakeAmounts() {
    Amounts amounts;
    for (int i = 1 + bytes_.Byte() % 3; i > 0; --i) {
      const std::string name = bytes_.Name();
      amounts[name] = bytes_.Amount();
    }
    return amounts;
  }

  const char* Entity() {
    static constexpr const char* kEntities[] = {"key", "team", "solo", "key", "", "bad#id"};
    const std::uint8_t choice = bytes_.Byte();
    return choice < 240 ? kEntities[choice % 4] : kEntities[choice % 6];
  }

  Intent Step() {
    const std::uint8_t what = bytes_.Byte();
    const std::size_t who = what >> 7;
    switch (what % 16) {
      case 0:
        Clean(Config(who).SetSystemDefaults({.limits = MakeLimits()}));
        break;
      case 1:
        Clean(Config(who).SetResourceDefaults("api", MakeLimits()));
        break;
      case 2:
        Clean(Config(who).SetLimits(Entity(), kDefaultResource, MakeLimits()));
        break;
      case 3:
        Clean(Config(who).SetLimits(Entity(), "api", MakeLimits()));
        break;
      case 4:
        Clean(Config(who).DeleteLimits(Entity(), "api"));
        break;
      case 5:
        Clean(repositories_[who]->buckets().Reset(Entity(), {}));
        return Intent::kReset;
      case 6:
        clock_->Advance(Milliseconds(bytes_.Word(1)));
        break;
      case 7:
        clock_->Advance(Milliseconds(bytes_.Word(4)));
        break;
      case 8:
        Clean(limiters_[who].Available({.entity_id = Entity(), .resource = "api"}));
        Clean(limiters_[who].TimeUntilAvailable({.entity_id = Entity(), .resource = "api"},
                                                MakeAmounts()));
        break;
      case 9:
      case 10:
        return Correct();
      case 11:
        return ConsumeMore();
      default:
        Acquire(who);
    }
    return Intent::kAcquire;
  }

  Configuration& Config(std::size_t who) { return repositories_[who]->configuration(); }

  void Acquire(std::size_t who) {
    AcquireRequest request{.entity_id = Entity(), .resource = "api", .consume = MakeAmounts()};
    const std::uint8_t more = bytes_.Byte();
    if (more % 4 == 1) request.override_limits = MakeLimits();
    if (more % 4 == 2) request.fallback_limits = MakeLimits();
    auto decision = limiters_[who].Acquire(request);
    Clean(decision);
    if (!decision.ok()) return;
    CHECK(!decision->ToJson().empty());
    CHECK(decision->granted() == decision->violations().empty());
    if (!decision->granted()) return;
    leases_.push_back(decision->TakeLease());
    if (leases_.size() > kMaxLeases) leases_.pop_front();
  }

  Intent Correct() {
    if (leases_.empty()) return Intent::kCorrection;
    const std::uint8_t how = bytes_.Byte();
    if (how % 3 == 0) {
      Clean(leases_.front().Rollback());
      leases_.pop_front();
    } else if (how % 3 == 1) {
      Clean(leases_.back().Release(MakeAmounts()));
    } else {
      Clean(leases_.back().Adjust(MakeAmounts()));
    }
    return Intent::kCorrection;
  }

  Intent ConsumeMore() {
    if (!leases_.empty()) Clean(leases_.back().Consume(MakeAmounts()));
    return Intent::kAcquire;
  }

  void Audit(Intent intent) {
    const auto page = memory_.stores().changes->ReadChanges("ZAEL-limiter", read_up_to_, 100'000);
    CHECK(page.ok());
    read_up_to_ = page->next;
    for (const Change& change : page->changes) {
      audit_.Observe(
          {change, change.by_expiry ? Intent::kExpiry : intent, clock_->NowMs(), std::nullopt});
    }
    if (audit_.findings().empty()) return;
    std::fprintf(stderr, "%s\n", audit_.findings().front().c_str());
    std::abort();
  }

  Bytes bytes_;
  const std::shared_ptr<testing::SimulatedClock> clock_ =
      std::make_shared<testing::SimulatedClock>();
  testing::MemoryStore memory_;
  std::shared_ptr<Repository> repositories_[2];
  std::vector<RateLimiter> limiters_;
  std::list<Lease> leases_;
  simulation::BucketAudit audit_;
  ChangePosition read_up_to_ = 0;
};

}  // namespace
}  // namespace zael

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  zael::Run(data, size).Steps();
  return 0;
}
