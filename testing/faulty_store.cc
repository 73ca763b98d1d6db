#include "testing/faulty_store.h"

#include <type_traits>
#include <utility>

#include "base/format.h"

namespace zael::testing {
namespace {

std::string_view CallName(StoreCall call) {
  static constexpr std::string_view kNames[kStoreCalls] = {
      "get", "batch get", "put", "update", "delete", "transaction", "query"};
  return kNames[static_cast<std::size_t>(call)];
}

bool IsWrite(StoreCall call) {
  return call == StoreCall::kPut || call == StoreCall::kUpdate || call == StoreCall::kDelete ||
         call == StoreCall::kTransactWrite;
}

Error ErrorOf(Fault fault, StoreCall call) {
  const auto error = [call](ErrorCode code, std::string_view cause) {
    return Error(code, Format("call store ({}): {}", CallName(call), cause));
  };
  switch (fault) {
    case Fault::kUnavailable:
      return error(ErrorCode::kUnavailable, "injected outage");
    case Fault::kThrottled:
    case Fault::kConflict:
      return error(ErrorCode::kResourceExhausted, "injected throttling");
    case Fault::kDenied:
      return error(ErrorCode::kPermissionDenied, "injected denial of access");
    case Fault::kTimeout:
    case Fault::kLostAnswer:
    case Fault::kLate:
      return error(ErrorCode::kDeadlineExceeded, "injected timeout");
    case Fault::kNone:
      break;
  }
  return error(ErrorCode::kInternal, "no fault");
}

}  // namespace

void FaultPlan::Script(StoreCall call, std::deque<Fault> faults) {
  const MutexLock lock(mutex_);
  auto& queue = script_[call];
  queue.insert(queue.end(), faults.begin(), faults.end());
}

void FaultPlan::Always(Fault fault) {
  const MutexLock lock(mutex_);
  always_ = fault;
}

void FaultPlan::SetRates(const FaultRates& rates) {
  const MutexLock lock(mutex_);
  rates_ = rates;
}

void FaultPlan::SetLatency(std::chrono::nanoseconds latency) {
  const MutexLock lock(mutex_);
  latency_ = latency;
}

CallCounts FaultPlan::counts() const {
  const MutexLock lock(mutex_);
  return counts_;
}

void FaultPlan::ResetCounts() {
  const MutexLock lock(mutex_);
  counts_ = {};
}

FaultPlan::Verdict FaultPlan::Next(StoreCall call) {
  const MutexLock lock(mutex_);
  ++counts_.calls[static_cast<std::size_t>(call)];
  Verdict verdict{.fault = always_, .latency = latency_};
  if (rates_.latency.count() > 0) {
    const auto range = static_cast<std::uint64_t>(rates_.latency.count()) * 2 + 1;
    verdict.latency += std::chrono::nanoseconds(random_.Below(range));
  }
  auto& queue = script_[call];
  if (!queue.empty()) {
    verdict.fault = queue.front();
    queue.pop_front();
    return verdict;
  }
  if (verdict.fault != Fault::kNone) return verdict;
  auto draw = static_cast<std::int64_t>(random_.Below(1000));
  const std::pair<int, Fault> chances[] = {
      {rates_.unavailable, Fault::kUnavailable}, {rates_.throttled, Fault::kThrottled},
      {rates_.timeout, Fault::kTimeout},         {rates_.denied, Fault::kDenied},
      {rates_.lost_answer, Fault::kLostAnswer},  {rates_.late, Fault::kLate},
      {rates_.conflict, Fault::kConflict}};
  for (const auto& [chance, fault] : chances) {
    if (draw < chance) {
      // Reads know no conflict: they are left alone.
      verdict.fault = fault == Fault::kConflict && !IsWrite(call) ? Fault::kNone : fault;
      break;
    }
    draw -= chance;
  }
  return verdict;
}

void FaultPlan::CountReached(StoreCall call, std::size_t transact_items) {
  const MutexLock lock(mutex_);
  ++counts_.reached[static_cast<std::size_t>(call)];
  counts_.transact_items += transact_items;
}

void FaultPlan::KeepLate(Delivery delivery) {
  std::function<void(Delivery)> receiver;
  {
    const MutexLock lock(mutex_);
    if (!receiver_) return late_.push_back(std::move(delivery));
    receiver = receiver_;
  }
  receiver(std::move(delivery));
}

std::size_t FaultPlan::DeliverLate() {
  std::deque<Delivery> late;
  {
    const MutexLock lock(mutex_);
    late.swap(late_);
  }
  for (const Delivery& deliver : late) deliver();
  return late.size();
}

void FaultPlan::HandOverLate(std::function<void(Delivery)> receiver) {
  const MutexLock lock(mutex_);
  receiver_ = std::move(receiver);
}

FaultyStore::FaultyStore(std::shared_ptr<ItemStore> below, std::shared_ptr<FaultPlan> plan,
                         std::shared_ptr<Clock> clock)
    : below_(std::move(below)), plan_(std::move(plan)), clock_(std::move(clock)) {}

template <typename Answer, typename Request>
Result<Answer> FaultyStore::Call(StoreCall call,
                                 Result<Answer> (ItemStore::*operation)(const Request&),
                                 const Request& request) {
  const auto [fault, latency] = plan_->Next(call);
  if (latency.count() > 0) clock_->SleepFor(latency);
  if constexpr (std::is_same_v<Request, TransactWriteRequest>) {
    if (fault == Fault::kConflict) {
      TransactOutcome cancelled;
      cancelled.cancellations.resize(request.items.size());
      for (auto& reason : cancelled.cancellations) reason.reason = CancelReason::kConflict;
      return cancelled;
    }
  }
  if (fault == Fault::kLate && IsWrite(call)) {
    plan_->KeepLate(
        [below = below_, operation, request] { (void)(below.get()->*operation)(request).ok(); });
  }
  if (fault != Fault::kNone && fault != Fault::kLostAnswer) return ErrorOf(fault, call);
  std::size_t members = 0;
  if constexpr (std::is_same_v<Request, TransactWriteRequest>) members = request.items.size();
  plan_->CountReached(call, members);
  Result<Answer> answer = (below_.get()->*operation)(request);
  if (fault == Fault::kLostAnswer) return ErrorOf(fault, call);
  return answer;
}

Result<std::optional<Item>> FaultyStore::Get(const GetRequest& request) {
  return Call(StoreCall::kGet, &ItemStore::Get, request);
}
Result<std::vector<Item>> FaultyStore::BatchGet(const BatchGetRequest& request) {
  return Call(StoreCall::kBatchGet, &ItemStore::BatchGet, request);
}
Result<WriteOutcome> FaultyStore::Put(const PutRequest& request) {
  return Call(StoreCall::kPut, &ItemStore::Put, request);
}
Result<WriteOutcome> FaultyStore::Update(const UpdateRequest& request) {
  return Call(StoreCall::kUpdate, &ItemStore::Update, request);
}
Result<WriteOutcome> FaultyStore::Delete(const DeleteRequest& request) {
  return Call(StoreCall::kDelete, &ItemStore::Delete, request);
}
Result<TransactOutcome> FaultyStore::TransactWrite(const TransactWriteRequest& request) {
  return Call(StoreCall::kTransactWrite, &ItemStore::TransactWrite, request);
}
Result<QueryPage> FaultyStore::Query(const QueryRequest& request) {
  return Call(StoreCall::kQuery, &ItemStore::Query, request);
}

}  // namespace zael::testing
