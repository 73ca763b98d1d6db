// InstantStore: agrees to every update and transaction at once and stores none of it, so that what
// an acquire costs over it is the limiter's own.
//
// Conditions are not looked at. An answer shows the bucket as the store below had it when it was
// first updated, with the refill time the update sets. Everything else goes to the store below.
#pragma once

#include <zael/store.h>

#include <memory>
#include <optional>

namespace zael::testing {

// Thread-compatible: for one bucket and one thread.
class InstantStore final : public ItemStore {
 public:
  explicit InstantStore(std::shared_ptr<ItemStore> below) : below_(std::move(below)) {}

  Result<std::optional<Item>> Get(const GetRequest& request) override {
    return below_->Get(request);
  }
  Result<std::vector<Item>> BatchGet(const BatchGetRequest& request) override {
    return below_->BatchGet(request);
  }
  Result<WriteOutcome> Put(const PutRequest& request) override { return below_->Put(request); }
  Result<WriteOutcome> Update(const UpdateRequest& request) override;
  Result<NumberOutcome> UpdateNumbers(const NumberUpdate& update) override;
  Result<WriteOutcome> Delete(const DeleteRequest& request) override {
    return below_->Delete(request);
  }
  Result<TransactOutcome> TransactWrite(const TransactWriteRequest&) override {
    return TransactOutcome{.applied = true, .cancellations = {}};
  }
  Result<QueryPage> Query(const QueryRequest& request) override { return below_->Query(request); }

 private:
  const std::shared_ptr<ItemStore> below_;
  std::optional<Item> shown_;
};

}  // namespace zael::testing
