// ClientStore and RecordingStore: the two doors between a simulated client and the shared store.
//
// ClientStore stands before the client's fault injection and tells the world of every call before
// it starts and after its answer is known, which is where the world lets another client run, lets
// time pass, or kills the client. RecordingStore stands right before the shared store: whatever a
// call changes there belongs to the operation that made the call, for nothing else runs in between.
// A planted bug is put into it to prove that the checks can fail.
#pragma once

#include <zael/store.h>

#include <functional>
#include <memory>
#include <utility>

namespace zael::simulation {

// Thrown through the library where a process would have died.
struct ClientCrash {};

// Thread-compatible; may be entered again from its own hooks.
class ClientStore final : public ItemStore {
 public:
  struct Hooks {
    std::function<void()> before;
    std::function<void(bool lost)> after;  // whether it was a write whose outcome is unknown
  };

  ClientStore(std::shared_ptr<ItemStore> next, Hooks hooks)
      : next_(std::move(next)), hooks_(std::move(hooks)) {}

  Result<std::optional<Item>> Get(const GetRequest& request) override;
  Result<std::vector<Item>> BatchGet(const BatchGetRequest& request) override;
  Result<WriteOutcome> Put(const PutRequest& request) override;
  Result<WriteOutcome> Update(const UpdateRequest& request) override;
  Result<WriteOutcome> Delete(const DeleteRequest& request) override;
  Result<TransactOutcome> TransactWrite(const TransactWriteRequest& request) override;
  Result<QueryPage> Query(const QueryRequest& request) override;

 private:
  template <typename Call>
  auto Around(Call call);

  std::shared_ptr<ItemStore> next_;
  Hooks hooks_;
};

// What a store may get wrong; each must be found by the checks.
enum class PlantedBug {
  kNone,
  kDropsConditions,   // applies every write whatever its condition says
  kWritesTwice,       // applies every addition to a bucket a second time
  kIgnoresFences,     // applies a write that was fenced off
  kForgetsAtomicity,  // makes the first write of a transaction even when a later one's condition
                      // fails
};

// Thread-compatible.
class RecordingStore final : public ItemStore {
 public:
  RecordingStore(std::shared_ptr<ItemStore> next, PlantedBug bug, std::function<void()> written)
      : next_(std::move(next)), bug_(bug), written_(std::move(written)) {}

  Result<std::optional<Item>> Get(const GetRequest& request) override;
  Result<std::vector<Item>> BatchGet(const BatchGetRequest& request) override;
  Result<WriteOutcome> Put(const PutRequest& request) override;
  Result<WriteOutcome> Update(const UpdateRequest& request) override;
  Result<WriteOutcome> Delete(const DeleteRequest& request) override;
  Result<TransactOutcome> TransactWrite(const TransactWriteRequest& request) override;
  Result<QueryPage> Query(const QueryRequest& request) override;

 private:
  std::shared_ptr<ItemStore> next_;
  PlantedBug bug_;
  std::function<void()> written_;
};

}  // namespace zael::simulation
