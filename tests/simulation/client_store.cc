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

}  // namespace

template <typename Call>
auto ClientStore::Around(Call call) {
  hooks_.before();
  auto answer = call(*next_);
  hooks_.after();
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
  const bool drops = bug_ == PlantedBug::kDropsConditions;
  auto answer = drops ? next_->Update(WithoutCondition(request)) : next_->Update(request);
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
  const bool drops = bug_ == PlantedBug::kDropsConditions;
  auto answer =
      drops ? next_->TransactWrite(WithoutCondition(request)) : next_->TransactWrite(request);
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
