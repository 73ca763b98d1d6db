#include "tests/simulation/world.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/format.h"
#include "repository/version.h"

namespace zael::simulation {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxDepth = 3;

// A connection that works, one that fails now and then, one that mostly does not work.
const std::vector<testing::FaultRates> kRates = {{},
                                                 {.unavailable = 10,
                                                  .throttled = 10,
                                                  .timeout = 10,
                                                  .lost_answer = 20,
                                                  .late = 20,
                                                  .conflict = 30},
                                                 {.unavailable = 50,
                                                  .throttled = 30,
                                                  .timeout = 50,
                                                  .lost_answer = 100,
                                                  .late = 100,
                                                  .conflict = 150,
                                                  .latency = std::chrono::milliseconds(20)}};

}  // namespace

SimulationReport Simulate(const SimulationOptions& options) { return World(options).Run(); }

World::World(const SimulationOptions& options)
    : options_(options),
      random_(options.seed),
      clock_(std::make_shared<testing::SimulatedClock>()),
      memory_(clock_) {
  config_changes_ = Below(4) != 0;  // without them every denial is checked
  overrides_ = Below(3) == 0;
  BuildTable();
  static constexpr milliseconds kSkews[] = {milliseconds(0), milliseconds(5'000),
                                            milliseconds(-5'000), milliseconds(3'600'000),
                                            milliseconds(-3'600'000)};
  const int clients = 2 + static_cast<int>(Below(3));
  for (int id = 0; id < clients; ++id) {
    auto client = std::make_unique<Client>();
    client->id = id;
    client->clock = std::make_shared<testing::SkewedClock>(clock_, kSkews[Below(5)]);
    clients_.push_back(std::move(client));
    Connect(*clients_.back());
  }
}

World::~World() = default;

void World::BuildTable() {
  const auto made =
      repository::InitializeTable(memory_.stores(), {.name = "limiter", .updated_by = {}}, *clock_);
  CHECK(made.ok());
  auto repository =
      Repository::Over(memory_.stores(), {.clock = clock_, .random_seed = options_.seed * 2 + 1});
  CHECK(repository.ok());
  pristine_ = *repository;
  CHECK(pristine_->entities().Create({.id = "team"}).ok());
  for (const char* child : {"child-a", "child-b"}) {
    CHECK(pristine_->entities().Create({.id = child, .parent_id = "team", .cascade = true}).ok());
  }
  CHECK(pristine_->configuration().SetSystemDefaults({.limits = MakeLimits()}).ok());
  CHECK(pristine_->configuration().SetResourceDefaults("gpt-4", MakeLimits()).ok());
  CHECK(pristine_->configuration().SetLimits("child-a", kDefaultResource, MakeLimits()).ok());
  recording_ = std::make_shared<RecordingStore>(memory_.stores().items, options_.bug,
                                                [this] { OnStoreWritten(); });
  const auto page = memory_.stores().changes->ReadChanges("ZAEL-limiter", 0, 100'000);
  CHECK(page.ok());
  read_up_to_ = page->next;
}

std::shared_ptr<ItemStore> World::WayToTheStore(Client& client) {
  const std::uint64_t seed = random_.Next();
  if (options_.connect) {
    return options_.connect(
        {.stores = {recording_, memory_.stores().tables, memory_.stores().changes},
         .clock = clock_,
         .client_clock = client.clock,
         .seed = seed,
         .healed = healed_,
         .late = [this](auto deliver) { KeepLate(std::move(deliver)); }});
  }
  const auto faults = std::make_shared<testing::FaultPlan>(seed);
  if (!healed_) faults->SetRates(OneOf(kRates));
  faults->HandOverLate([this](auto deliver) { KeepLate(std::move(deliver)); });
  return std::make_shared<testing::FaultyStore>(recording_, faults, client.clock);
}

void World::Connect(Client& client) {
  const auto door = std::make_shared<ClientStore>(
      WayToTheStore(client),
      ClientStore::Hooks{[this, &client] { BeforeStoreCall(client); },
                         [this, &client](bool lost) { AfterStoreCall(client, lost); }});
  const Stores stores{door, memory_.stores().tables, memory_.stores().changes};
  const RepositoryOptions options{.clock = client.clock, .random_seed = random_.Next() | 1};
  client.silent = false;
  auto repository = Repository::Over(stores, options);
  for (int tries = 0; !repository.ok() && tries < 100; ++tries) {
    repository = Repository::Over(stores, options);
  }
  CHECK(repository.ok());
  client.repository = *repository;
  client.limiter.emplace(client.repository, RateLimiterOptions{.timeout = milliseconds(5'000)});
}

void World::OnStoreWritten() {
  auto page = memory_.stores().changes->ReadChanges("ZAEL-limiter", read_up_to_, 100'000);
  CHECK(page.ok());
  read_up_to_ = page->next;
  for (const Change& change : page->changes) {
    if (stack_.empty()) continue;  // connecting writes nothing to a bucket
    Call& call = *stack_.back();
    const auto now = call.client < 0 ? clock_->WallNow() : clients_[call.client]->clock->WallNow();
    judge_.Record(change, call, now.time_since_epoch().count());
  }
}

void World::BeforeStoreCall(Client& client) {
  if (client.dead) throw ClientCrash{};
  if (stack_.empty()) return;  // connecting
  if (client.silent)
    judge_.Find(*stack_.back(), "wrote to the store although it was to end quietly");
  if (healed_) return;
  LetTimePass();
  Interleave();
  if (client.dead || Chance(3)) {
    client.dead = true;
    ++seen_["crash before a store call"];
    throw ClientCrash{};
  }
}

void World::AfterStoreCall(Client& client, bool lost) {
  if (lost && !stack_.empty()) stack_.back()->lost_an_answer = true;
  if (stack_.empty() || healed_) return;
  LetTimePass();
  Interleave();
  if (client.dead || Chance(3)) {
    client.dead = true;
    ++seen_["crash after a store call"];
    throw ClientCrash{};
  }
}

void World::LetTimePass() {
  if (Chance(400)) clock_->Advance(milliseconds(Below(4)));
  if (Chance(10)) clock_->Advance(milliseconds(Below(3'000)));
  if (!late_.empty() && Chance(50)) DeliverLate(Below(late_.size()));
}

void World::KeepLate(std::function<void()> deliver) {
  if (stack_.empty()) return;  // connecting: of no bucket
  late_.push_back({*stack_.back(), std::move(deliver)});
}

// Whatever it does to the store belongs to the call that sent it.
void World::DeliverLate(std::size_t place) {
  ++seen_["late write"];
  const LateWrite late = std::move(late_[place]);
  late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(place));
  if (late.sender.changes_configuration) {
    config_changed_ms_ = clock_->NowMs();
    limits_.clear();  // nothing asks for them before it is delivered
  }
  const auto running = std::find_if(stack_.begin(), stack_.end(),
                                    [&](const Call* call) { return call->id == late.sender.id; });
  if (running != stack_.end()) {
    stack_.push_back(*running);
    late.deliver();
    stack_.pop_back();
    return;
  }
  const auto open = open_.find(late.sender.id);
  Call answered = late.sender;
  Call& sender = open == open_.end() ? answered : open->second.first;
  const std::size_t first = sender.writes.size();
  stack_.push_back(&sender);
  late.deliver();
  stack_.pop_back();
  judge_.ExpectLateWrites(sender, first, open != open_.end(),
                          open == open_.end() ? Bookings() : open->second.second);
}

void World::DeliverAllLate() {
  while (!late_.empty()) DeliverLate(0);
}

void World::Interleave() {
  if (stack_.size() >= kMaxDepth || !Chance(120)) return;
  Client& other = *clients_[Below(clients_.size())];
  if (other.dead) return;
  ++seen_["nested call"];
  RunOne(other);
}

void World::Step() {
  const std::uint64_t gap = Below(100);
  if (gap < 60) {
    clock_->Advance(milliseconds(Below(20)));
  } else if (gap < 92) {
    clock_->Advance(milliseconds(Below(5'000)));
  } else if (gap < 98) {
    DeliverAllLate();
    clock_->Advance(milliseconds(Below(300'000)));
  } else {
    DeliverAllLate();
    clock_->Advance(milliseconds(Below(5 * 86'400'000)));
  }
  if (Chance(20)) {
    Call call = judge_.Begin("expiry", -1, Intent::kExpiry, 0);
    stack_.push_back(&call);
    (void)memory_.Expire();
    OnStoreWritten();
    stack_.pop_back();
  }
  Client& client = *clients_[Below(clients_.size())];
  if (client.dead || Chance(10)) Restart(client);
  RunOne(client);
}

void World::Restart(Client& client) {
  if (client.running > 0) return;
  ++seen_["restart"];
  // A lease that is dropped keeps what it took and writes nothing.
  Call call = judge_.Begin("drop of all leases", client.id, Intent::kCorrection, 0);
  stack_.push_back(&call);
  client.dead = false;
  client.silent = true;
  client.leases.clear();
  client.limiter.reset();
  client.repository.reset();
  stack_.pop_back();
  std::vector<Call*> outside;
  std::swap(outside, stack_);  // connecting is not part of the call it may be nested in
  Connect(client);
  std::swap(outside, stack_);
}

void World::RunOne(Client& client) {
  HeldLease* held = nullptr;
  if (!client.leases.empty() && Chance(450)) {
    auto place = client.leases.begin();
    std::advance(place, static_cast<std::ptrdiff_t>(Below(client.leases.size())));
    if (!place->busy) held = &*place;
  }
  ++client.running;
  if (held == nullptr) {
    const std::uint64_t dice = Below(100);
    if (dice < 4 && config_changes_) {
      ChangeConfiguration(client);
    } else if (dice < 5) {
      ResetBuckets(client);
    } else {
      Acquire(client);
    }
  } else {
    held->busy = true;
    const std::uint64_t dice = Below(100);
    if (held->rolling_back || dice < 25) {
      Rollback(client, *held);
    } else if (dice < 60) {
      Correct(client, *held);
    } else if (dice < 85) {
      ConsumeMore(client, *held);
    } else {
      Commit(client, *held);
    }
    held->busy = false;
    std::erase_if(client.leases, [](const HeldLease& lease) { return lease.ended; });
  }
  --client.running;
}

SimulationReport World::Run() {
  for (int i = 0; i < options_.calls; ++i) Step();
  DeliverAllLate();
  CheckEverybodyIsServedAgain();
  return {judge_.Finish(), seen_};
}

// With faults gone and enough time for every debt and skew, each client gets one of everything.
void World::CheckEverybodyIsServedAgain() {
  healed_ = true;
  for (auto& client : clients_) Restart(*client);
  clock_->Advance(std::chrono::hours(24 * 400));
  for (auto& client : clients_) {
    for (const char* entity : {"solo", "child-a", "team"}) {
      AcquireRequest request{.entity_id = entity, .resource = OneOf(kResources)};
      for (const Limit& limit : LimitsFor(entity, request.resource))
        request.consume[limit.name] = 1;
      const bool parent_has =
          entity != std::string("child-a") || !LimitsFor("team", request.resource).empty();
      if (request.consume.empty() || !parent_has) continue;
      Call call = judge_.Begin(Format("last acquire of {}", entity), client->id, Intent::kAcquire,
                               client->clock->WallNow().time_since_epoch().count());
      stack_.push_back(&call);
      auto decision = client->limiter->Acquire(request);
      stack_.pop_back();
      if (!decision.ok()) {
        judge_.Find(call, "failed without a fault: " + decision.error().message());
        continue;
      }
      JudgeDecision(call, *decision, request);
      if (!decision->granted()) judge_.Find(call, "starves: " + decision->ToJson());
      clock_->Advance(std::chrono::hours(24 * 2));
    }
  }
}

Limit World::MakeLimit(const std::string& name) {
  static const std::vector<std::int64_t> kBursts = {1, 2, 5, 20, 50, 1'000};
  const std::int64_t burst = OneOf(kBursts);
  const std::int64_t capacity = 1 + static_cast<std::int64_t>(Below(burst));
  switch (Below(5)) {
    case 0:
      return Limit::PerSecond(name, capacity, burst);
    case 1:
      return Limit::PerMinute(name, capacity, burst);
    case 2:
      return Limit::PerHour(name, capacity, burst);
    case 3:
      return Limit::PerDay(name, capacity, burst);
    default:
      return Limit::Custom(name, capacity, burst, 1 + static_cast<std::int64_t>(Below(97)),
                           std::chrono::seconds(1 + Below(100'000)));
  }
}

Limits World::MakeLimits() {
  Limits limits;
  for (const std::string& name : kLimitNames) {
    if (Chance(800)) limits.push_back(MakeLimit(name));
  }
  if (limits.empty()) limits.push_back(MakeLimit(kLimitNames[0]));
  return limits;
}

const Limits& World::LimitsFor(const std::string& entity, const std::string& resource) {
  if (changing_ > 0) limits_.erase({entity, resource});
  const auto [place, is_new] = limits_.try_emplace({entity, resource});
  if (is_new) {
    const auto levels = pristine_->configuration().Explain(entity, resource);
    CHECK(levels.ok());
    for (const ConfigExplanation& level : *levels) {
      if (level.wins) place->second = level.limits;
    }
  }
  return place->second;
}

std::string World::RandomEntity() {
  static const std::vector<std::string> kEntities = {"solo", "team", "child-a", "child-b"};
  return OneOf(kEntities);
}

}  // namespace zael::simulation
