#include <utility>

#include "limiter/action.h"

namespace zael::limiter {
namespace {

struct Perform {
  ItemStore& store;
  Clock& clock;

  Answer operator()(const Done&) const { return Slept{}; }
  Answer operator()(const QueryRequest& request) const { return store.Query(request); }
  Answer operator()(const BatchGetRequest& request) const { return store.BatchGet(request); }
  Answer operator()(const PendingNumbers& update) const { return store.UpdateNumbers(*update); }
  Answer operator()(const PendingUpdate& request) const { return store.Update(*request); }
  Answer operator()(const PutRequest& request) const { return store.Put(request); }
  Answer operator()(const TransactWriteRequest& request) const {
    return store.TransactWrite(request);
  }
  Answer operator()(const Backoff& backoff) const {
    clock.SleepFor(backoff.duration);
    return Slept{};
  }
};

// The answer goes on from here without being moved: it is large.
Answer PerformAndTakeBack(const Perform& perform, Operation& operation, Action& action) {
  Answer answer = std::visit(perform, action);
  operation.TakeBack(std::move(action));
  return answer;
}

}  // namespace

void RunBlocking(Operation& operation, ItemStore& store, Clock& clock) {
  Action action = operation.Start();
  while (!std::holds_alternative<Done>(action)) {
    action = operation.Resume(PerformAndTakeBack(Perform{store, clock}, operation, action));
  }
}

}  // namespace zael::limiter
