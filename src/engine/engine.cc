#include "engine/engine.h"

#include <utility>

#include "base/random.h"
#include "base/try.h"
#include "engine/change_log.h"
#include "engine/directory.h"
#include "engine/reader.h"
#include "engine/tables.h"
#include "engine/upkeep.h"
#include "engine/writer.h"
#include "os/random_seed.h"

namespace zael::engine {
namespace {

class Items final : public ItemStore {
 public:
  Items(Writer& writer, Core core) : writer_(writer), reader_(core) {}

  Result<std::optional<Item>> Get(const GetRequest& request) override {
    return reader_.Get(request);
  }
  Result<std::vector<Item>> BatchGet(const BatchGetRequest& request) override {
    return reader_.BatchGet(request);
  }
  Result<WriteOutcome> Put(const PutRequest& request) override { return writer_.Put(request); }
  Result<WriteOutcome> Update(const UpdateRequest& request) override {
    return writer_.Update(request);
  }
  Result<NumberOutcome> UpdateNumbers(const NumberUpdate& update) override {
    return writer_.UpdateNumbers(update);
  }
  Result<WriteOutcome> Delete(const DeleteRequest& request) override {
    return writer_.Delete(request);
  }
  Result<TransactOutcome> TransactWrite(const TransactWriteRequest& request) override {
    return writer_.Transact(request);
  }
  Result<QueryPage> Query(const QueryRequest& request) override { return reader_.Query(request); }

 private:
  Writer& writer_;
  Reader reader_;
};

}  // namespace

// In the order of their making; the directory's lock goes last.
class Engine::State {
 public:
  State(Directory directory, std::shared_ptr<Clock> clock)
      : directory_(std::move(directory)),
        clock_(std::move(clock)),
        random_(os::SystemRandomSeed()) {}

  ~State() {
    if (upkeep_ == nullptr) return;
    upkeep_->Stop();
    (void)catalog_->StoreCounts();
  }

  Status Open(const EngineOptions& options) {
    ZAEL_ASSIGN(rocks_, Rocks::Open({.path = directory_.database_path(),
                                     .create = directory_.is_new(),
                                     .durability = options.durability,
                                     .file_system = options.file_system}));
    if (directory_.is_new()) ZAEL_TRY(directory_.MarkComplete());
    catalog_ = std::make_unique<Catalog>(*rocks_);
    ZAEL_TRY(catalog_->Load());
    ZAEL_TRY(catalog_->DropRemoved());
    const Core core{.rocks = *rocks_,
                    .catalog = *catalog_,
                    .stripes = stripes_,
                    .hot_rows = hot_rows_,
                    .clock = *clock_};
    writer_ = std::make_unique<Writer>(core);
    items_ = std::make_unique<Items>(*writer_, core);
    tables_ = std::make_unique<Tables>(core, random_);
    changes_ = std::make_unique<ChangeLog>(core);
    upkeep_ = std::make_unique<Upkeep>(
        Upkeep::Parts{.core = core, .writer = *writer_, .changes = *changes_});
    upkeep_->Start(options.durability == Durability::kProcess, options.sweep_interval);
    return {};
  }

  ItemStore* items() { return items_.get(); }
  TableAdmin* tables() { return tables_.get(); }
  ChangeLog* changes() { return changes_.get(); }
  Upkeep& upkeep() { return *upkeep_; }
  Directory& directory() { return directory_; }

 private:
  Directory directory_;
  std::shared_ptr<Clock> clock_;
  SeededRandom random_;
  Stripes stripes_;
  HotRows hot_rows_;
  std::unique_ptr<Rocks> rocks_;
  std::unique_ptr<Catalog> catalog_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Items> items_;
  std::unique_ptr<Tables> tables_;
  std::unique_ptr<ChangeLog> changes_;
  std::unique_ptr<Upkeep> upkeep_;
};

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::~Engine() = default;

Result<std::shared_ptr<Engine>> Engine::Open(const EngineOptions& options) {
  if (options.directory.empty()) {
    return Error(ErrorCode::kInvalidArgument, "open store: the directory has no name");
  }
  auto clock = options.clock != nullptr ? options.clock : MakeSystemClock();
  ZAEL_ASSIGN(auto directory, Directory::Take({.path = options.directory,
                                               .create = options.create,
                                               .lock_timeout = options.lock_timeout,
                                               .clock = clock.get()}));
  auto state = std::make_unique<State>(std::move(directory), std::move(clock));
  ZAEL_TRY(state->Open(options));
  return std::shared_ptr<Engine>(new Engine(std::move(state)));
}

Stores Engine::stores() {
  const auto self = shared_from_this();
  return {.items = std::shared_ptr<ItemStore>(self, state_->items()),
          .tables = std::shared_ptr<TableAdmin>(self, state_->tables()),
          .changes = std::shared_ptr<ChangeFeed>(self, state_->changes())};
}

Status Engine::Announce(const std::string& address) { return state_->directory().Publish(address); }
Result<std::size_t> Engine::ExpireNow() { return state_->upkeep().ExpireNow(); }

Result<Stores> OpenEngine(const EngineOptions& options) {
  ZAEL_ASSIGN(const auto engine, Engine::Open(options));
  return engine->stores();
}

}  // namespace zael::engine
