#include "limiter/async_driver.h"

#include <utility>

#include "base/check.h"
#include "store/number_update.h"

namespace zael::limiter {
namespace {

// Enough to keep a local disk busy; a store on a network brings its own way of not waiting.
constexpr std::size_t kTaskThreads = 4;

// A store that can only be waited for, waited for by whoever `run` finds.
class WaitedStore final : public AsyncItemStore {
 public:
  WaitedStore(std::shared_ptr<ItemStore> below, Executor run)
      : below_(std::move(below)), run_(std::move(run)) {}

  void Submit(StoreRequest request, OnStoreAnswer on_answer) override {
    run_([below = below_, request = std::move(request), on_answer = std::move(on_answer)] {
      on_answer(std::visit(Perform{*below}, request));
    });
  }

 private:
  struct Perform {
    ItemStore& store;

    StoreAnswer operator()(const GetRequest& request) const { return store.Get(request); }
    StoreAnswer operator()(const BatchGetRequest& request) const { return store.BatchGet(request); }
    StoreAnswer operator()(const PutRequest& request) const { return store.Put(request); }
    StoreAnswer operator()(const UpdateRequest& request) const { return store.Update(request); }
    StoreAnswer operator()(const DeleteRequest& request) const { return store.Delete(request); }
    StoreAnswer operator()(const TransactWriteRequest& request) const {
      return store.TransactWrite(request);
    }
    StoreAnswer operator()(const QueryRequest& request) const { return store.Query(request); }
  };

  const std::shared_ptr<ItemStore> below_;
  const Executor run_;
};

struct ToRequest {
  StoreRequest operator()(PendingNumbers numbers) const {
    UpdateRequest update = store::AsUpdate(*numbers);
    update.return_item = ReturnItem::kUpdatedNew;
    return update;
  }
  StoreRequest operator()(PendingUpdate&& update) const { return std::move(*update); }
  StoreRequest operator()(Done&&) const { return NoRequest(); }
  StoreRequest operator()(Backoff&&) const { return NoRequest(); }
  template <typename Request>
  StoreRequest operator()(Request&& request) const {
    return std::forward<Request>(request);
  }

  static StoreRequest NoRequest() {
    CHECK(false && "not for the store");
    return GetRequest{};
  }
};

// No operation gets a single item.
struct ToAnswer {
  Answer operator()(Result<std::optional<Item>>&&) const {
    CHECK(false && "no operation asks for this");
    return Slept{};
  }
  template <typename Outcome>
  Answer operator()(Outcome&& outcome) const {
    return std::forward<Outcome>(outcome);
  }
};

}  // namespace

struct AsyncDriver::Flight {
  std::shared_ptr<Operation> operation;
  Conclude conclude;
  bool begun = false;  // some answer has come: this is not inside Run
};

// The arrivals that this thread is in, one inside the other: what a destructor must not wait for.
class AsyncDriver::Arrivals {
 public:
  explicit Arrivals(AsyncDriver* driver) : driver_(driver), outer_(innermost) { innermost = this; }
  ~Arrivals() { innermost = outer_; }
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;

  bool driver_is_gone() const { return driver_ == nullptr; }

  // How many the driver is left by.
  static std::size_t Leave(const AsyncDriver* driver) {
    std::size_t left = 0;
    for (Arrivals* arrival = innermost; arrival != nullptr; arrival = arrival->outer_) {
      if (arrival->driver_ != driver) continue;
      arrival->driver_ = nullptr;
      ++left;
    }
    return left;
  }

 private:
  static thread_local Arrivals* innermost;

  AsyncDriver* driver_;
  Arrivals* const outer_;
};

thread_local AsyncDriver::Arrivals* AsyncDriver::Arrivals::innermost = nullptr;

AsyncDriver::AsyncDriver(AsyncParts parts)
    : options_(std::move(parts.options)),
      threads_(kTaskThreads),
      items_(
          parts.items
              ? std::move(parts.items)
              : std::make_shared<WaitedStore>(
                    std::move(parts.waited),
                    options_.executor
                        ? options_.executor
                        : [this](std::function<void()> task) { threads_.Run(std::move(task)); })),
      timer_(std::move(parts.timer)) {}

AsyncDriver::~AsyncDriver() { Close(); }

void AsyncDriver::Close() {
  const std::size_t own = Arrivals::Leave(this);
  const MutexLock lock(mutex_);
  closed_ = true;
  under_way_ -= own;
  while (under_way_ > 0) landed_.Wait(mutex_);
}

bool AsyncDriver::Run(std::shared_ptr<Operation> operation, Conclude conclude) {
  {
    const MutexLock lock(mutex_);
    if (closed_ || under_way_ >= options_.most_calls) return false;
    ++under_way_;
  }
  auto flight = std::make_shared<Flight>(Flight{std::move(operation), std::move(conclude)});
  Action first = flight->operation->Start();
  Advance(std::move(flight), std::move(first));
  return true;
}

void AsyncDriver::Post(std::function<void()> task) {
  if (options_.executor) return options_.executor(std::move(task));
  threads_.Run(std::move(task));
}

void AsyncDriver::Advance(std::shared_ptr<Flight> flight, Action action) {
  if (std::holds_alternative<Done>(action)) return Land(std::move(flight));
  if (const auto* backoff = std::get_if<Backoff>(&action)) {
    return Pause(std::move(flight), backoff->duration);
  }
  Send(std::move(flight), std::visit(ToRequest(), std::move(action)));
}

void AsyncDriver::Send(std::shared_ptr<Flight> flight, StoreRequest request) {
  items_->Submit(std::move(request), [this, flight = std::move(flight)](StoreAnswer answer) {
    flight->begun = true;
    Advance(flight, flight->operation->Resume(std::visit(ToAnswer(), std::move(answer))));
  });
}

void AsyncDriver::Pause(std::shared_ptr<Flight> flight, std::chrono::nanoseconds duration) {
  // On the timer's thread nothing but the handing over: it may not be held up.
  timer_->RunAfter(duration, [this, flight = std::move(flight)]() mutable {
    Post([this, flight = std::move(flight)] {
      flight->begun = true;
      Advance(flight, flight->operation->Resume(Slept{}));
    });
  });
}

void AsyncDriver::Land(std::shared_ptr<Flight> flight) {
  std::function<void()> arrival = std::exchange(flight->conclude, nullptr)();
  // Gone before the caller hears of it and may let go of the store: with the operation could go the
  // last of it, here, on a thread of its own.
  flight->operation.reset();
  if (!options_.executor && flight->begun) return Arrive(std::move(arrival));
  Post(std::move(arrival));
  CountLanded();
}

void AsyncDriver::Arrive(std::function<void()> arrival) {
  const Arrivals here(this);
  arrival();
  arrival = nullptr;
  if (!here.driver_is_gone()) CountLanded();
}

void AsyncDriver::CountLanded() {
  const MutexLock lock(mutex_);
  --under_way_;
  landed_.NotifyAll();
}

}  // namespace zael::limiter
