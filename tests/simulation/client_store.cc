#include "tests/simulation/client_store.h"

#include <type_traits>

namespace zael::simulation {
namespace {

// The write again, as a fault of the store would repeat it: without its condition.
void Repeat(ItemStore& store, UpdateRequest request) {
  request.condition.reset();
  (void)store.Update(request).ok();
}

template <typename Request>
Request WithoutCondition(Request request) {
  if constexpr (std::is_same_v<Request, TransactWriteRequest>) {
    for (TransactItem& item : request.items) {
      item = std::visit(
          [](auto& member) { return TransactItem(WithoutCondition(std::move(member))); }, item);
    }
  } else if constexpr (std::is_same_v<Request, CheckRequest>) {
    request.condition = Any({Exists("PK"), NotExists("PK")});
  } else {
    request.condition.reset();
  }
  return request;
}

bool IsOnEpoch(const Condition& condition) {
  const Path epoch = "write_epoch";
  if (const auto* comparison = std::get_if<Comparison>(&condition.node)) {
    const auto* left = std::get_if<Path>(&comparison->left);
    return left != nullptr && *left == epoch;
  }
  const auto* absent = std::get_if<AttributeNotExists>(&condition.node);
  return absent != nullptr && absent->path == epoch;
}

void DropEpochs(Condition& condition) {
  auto* all = std::get_if<AllOf>(&condition.node);
  if (all == nullptr) return;
  std::erase_if(all->parts, IsOnEpoch);
  for (Condition& part : all->parts) DropEpochs(part);
}

// A fence sets the epoch and nothing else; it stays as it is.
UpdateRequest WithoutEpoch(UpdateRequest request) {
  if (request.condition && request.actions.size() > 1) DropEpochs(*request.condition);
  return request;
}

TransactWriteRequest WithoutEpochs(TransactWriteRequest request) {
  for (TransactItem& item : request.items) {
    if (auto* update = std::get_if<UpdateRequest>(&item)) item = WithoutEpoch(std::move(*update));
  }
  return request;
}

template <typename Answer>
bool MayComeLater(const Result<Answer>& answer) {
  if constexpr (std::is_same_v<Answer, WriteOutcome> || std::is_same_v<Answer, TransactOutcome>) {
    return !answer.ok() && (answer.error().code() == ErrorCode::kUnavailable ||
                            answer.error().code() == ErrorCode::kDeadlineExceeded);
  }
  return false;
}

}  // namespace

template <typename Call>
auto ClientStore::Around(Call call) {
  hooks_.before();
  auto answer = call(*next_);
  hooks_.after(MayComeLater(answer));
  return answer;
}

Result<std::optional<Item>> ClientStore::Get(const GetRequest& request) {
  return Around([&](ItemStore& next) { return next.Get(request); });
}

Result<std::vector<Item>> ClientStore::BatchGet(const BatchGetRequest& request) {
  return Around([&](ItemStore& next) { return next.BatchGet(request); });
}

Result<WriteOutcome> ClientStore::Put(const PutRequest& request) {
  return Around([&](ItemStore& next) { return next.Put(request); });
}

Result<WriteOutcome> ClientStore::Update(const UpdateRequest& request) {
  return Around([&](ItemStore& next) { return next.Update(request); });
}

Result<WriteOutcome> ClientStore::Delete(const DeleteRequest& request) {
  return Around([&](ItemStore& next) { return next.Delete(request); });
}

Result<TransactOutcome> ClientStore::TransactWrite(const TransactWriteRequest& request) {
  return Around([&](ItemStore& next) { return next.TransactWrite(request); });
}

Result<QueryPage> ClientStore::Query(const QueryRequest& request) {
  return Around([&](ItemStore& next) { return next.Query(request); });
}

Result<std::optional<Item>> RecordingStore::Get(const GetRequest& request) {
  return next_->Get(request);
}

Result<std::vector<Item>> RecordingStore::BatchGet(const BatchGetRequest& request) {
  return next_->BatchGet(request);
}

Result<WriteOutcome> RecordingStore::Put(const PutRequest& request) {
  const bool drops = bug_ == PlantedBug::kDropsConditions;
  auto answer = drops ? next_->Put(WithoutCondition(request)) : next_->Put(request);
  written_();
  return answer;
}

Result<WriteOutcome> RecordingStore::Update(const UpdateRequest& request) {
  auto answer = bug_ == PlantedBug::kDropsConditions ? next_->Update(WithoutCondition(request))
                : bug_ == PlantedBug::kIgnoresFences ? next_->Update(WithoutEpoch(request))
                                                     : next_->Update(request);
  if (bug_ == PlantedBug::kWritesTwice && answer.ok() && answer->applied) Repeat(*next_, request);
  written_();
  return answer;
}

Result<WriteOutcome> RecordingStore::Delete(const DeleteRequest& request) {
  auto answer = next_->Delete(request);
  written_();
  return answer;
}

Result<TransactOutcome> RecordingStore::TransactWrite(const TransactWriteRequest& request) {
  auto answer = bug_ == PlantedBug::kDropsConditions
                    ? next_->TransactWrite(WithoutCondition(request))
                : bug_ == PlantedBug::kIgnoresFences ? next_->TransactWrite(WithoutEpochs(request))
                                                     : next_->TransactWrite(request);
  if (bug_ == PlantedBug::kForgetsAtomicity && answer.ok() && !answer->applied) {
    if (const auto* first = std::get_if<UpdateRequest>(&request.items.front())) {
      (void)next_->Update(*first).ok();
    }
  }
  written_();
  return answer;
}

Result<QueryPage> RecordingStore::Query(const QueryRequest& request) {
  return next_->Query(request);
}

}  // namespace zael::simulation
