// Stores and threads for asynchronous tests: one whose answers a test lets go, one that answers on
// a thread of its own, an executor that is one thread, and waiting for what is pending.
#pragma once

#include <zael/async.h>
#include <zael/store.h>

#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>

#include "base/mutex.h"

namespace zael::limiter {

inline StoreAnswer AnswerOf(ItemStore& store, const StoreRequest& request) {
  struct Perform {
    ItemStore& store;
    StoreAnswer operator()(const GetRequest& r) const { return store.Get(r); }
    StoreAnswer operator()(const BatchGetRequest& r) const { return store.BatchGet(r); }
    StoreAnswer operator()(const PutRequest& r) const { return store.Put(r); }
    StoreAnswer operator()(const UpdateRequest& r) const { return store.Update(r); }
    StoreAnswer operator()(const DeleteRequest& r) const { return store.Delete(r); }
    StoreAnswer operator()(const TransactWriteRequest& r) const { return store.TransactWrite(r); }
    StoreAnswer operator()(const QueryRequest& r) const { return store.Query(r); }
  };
  return std::visit(Perform{store}, request);
}

// Performs and answers when told. Thread-safe.
class HeldStore final : public AsyncItemStore {
 public:
  explicit HeldStore(std::shared_ptr<ItemStore> below) : below_(std::move(below)) {}

  void Submit(StoreRequest request, OnStoreAnswer on_answer) override {
    const MutexLock lock(mutex_);
    held_.emplace_back(std::move(request), std::move(on_answer));
  }

  std::size_t held() {
    const MutexLock lock(mutex_);
    return held_.size();
  }
  // The oldest; false: there is none.
  bool LetOneGo() {
    std::pair<StoreRequest, OnStoreAnswer> call;
    {
      const MutexLock lock(mutex_);
      if (held_.empty()) return false;
      call = std::move(held_.front());
      held_.pop_front();
    }
    call.second(AnswerOf(*below_, call.first));
    return true;
  }
  void LetAllGo() {
    while (LetOneGo()) {
    }
  }

 private:
  const std::shared_ptr<ItemStore> below_;
  Mutex mutex_;
  std::deque<std::pair<StoreRequest, OnStoreAnswer>> held_ ZAEL_GUARDED_BY(mutex_);
};

// One thread that runs tasks in order. Thread-safe. Its destruction runs what waits.
class OneThread {
 public:
  OneThread() : thread_([this] { Loop(); }) {}
  ~OneThread() {
    Run(nullptr);
    thread_.join();
  }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

  void Run(std::function<void()> task) {
    const MutexLock lock(mutex_);
    tasks_.push_back(std::move(task));
    changed_.NotifyOne();
  }
  bool IsThis() const {
    return std::this_thread::get_id() == thread_.get_id();  // tidy: allow(banned-call) who answers
  }

 private:
  void Loop() {
    while (const std::function<void()> task = Next()) task();
  }
  std::function<void()> Next() {
    const MutexLock lock(mutex_);
    while (tasks_.empty()) changed_.Wait(mutex_);
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    return task;
  }

  Mutex mutex_;
  CondVar changed_;
  std::deque<std::function<void()>> tasks_ ZAEL_GUARDED_BY(mutex_);
  std::thread thread_;
};

// A client with an I/O thread.
class IoThreadStore final : public AsyncItemStore {
 public:
  explicit IoThreadStore(std::shared_ptr<ItemStore> below) : below_(std::move(below)) {}

  void Submit(StoreRequest request, OnStoreAnswer on_answer) override {
    io_.Run([below = below_, request = std::move(request), on_answer = std::move(on_answer)] {
      on_answer(AnswerOf(*below, request));
    });
  }
  bool IsIoThread() const { return io_.IsThis(); }

 private:
  const std::shared_ptr<ItemStore> below_;
  OneThread io_;
};

// Begins the call and waits for its answer.
template <typename Answer>
Answer Await(Pending<Answer> pending) {
  auto promise = std::make_shared<std::promise<Answer>>();
  auto answer = promise->get_future();
  std::move(pending).Then([promise](Answer a) { promise->set_value(std::move(a)); });
  return answer.get();
}

// A coroutine that starts at once, belongs to nobody and must not throw.
struct Detached {
  struct promise_type {
    Detached get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
  };
};

}  // namespace zael::limiter
