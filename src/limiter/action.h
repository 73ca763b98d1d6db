// Operation: a state machine that does no I/O. It says what to do next and is told how it went.
//
// The same machine runs under the blocking driver, a simulator or an asynchronous client, and every
// order of failures can be played in a test without a store.
#pragma once

#include <zael/number_update.h>
#include <zael/result.h>
#include <zael/store.h>

#include <chrono>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace zael::limiter {

// Nothing more to do: ask the operation for its result.
struct Done {};
// Let this much monotonic time pass, then resume with Slept.
struct Backoff {
  std::chrono::nanoseconds duration;
};
struct Slept {};

// By pointer, never null: it goes through many hands.
using PendingUpdate = std::unique_ptr<UpdateRequest>;
// The one request that every acquire makes stays in the operation, until that is resumed.
using PendingNumbers = const NumberUpdate*;
using Action = std::variant<Done, QueryRequest, BatchGetRequest, PendingNumbers, PendingUpdate,
                            PutRequest, TransactWriteRequest, Backoff>;

// What the store said to the action, in kind: to PendingNumbers either with the numbers or as to
// the UpdateRequest that it is.
using Answer = std::variant<Slept, Result<QueryPage>, Result<std::vector<Item>>,
                            Result<NumberOutcome>, Result<WriteOutcome>, Result<TransactOutcome>>;

// Thread-compatible. Start once, then Resume with the answer to each action until it is Done.
class Operation {
 public:
  virtual ~Operation() = default;
  virtual Action Start() = 0;
  virtual Action Resume(Answer answer) = 0;

  // Before Resume, by drivers that still have the action: its memory may serve another request.
  virtual void TakeBack(Action&& /*performed*/) {}
};

// Runs the operation to its end on the calling thread.
void RunBlocking(Operation& operation, ItemStore& store, Clock& clock);

}  // namespace zael::limiter
