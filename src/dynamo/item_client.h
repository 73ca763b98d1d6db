// ItemClient: the item store over DynamoDB, waiting or not.
//
// Every request is one exchange; a query of a table met for the first time describes it before.
// Blocking calls must not be made on a thread of the transport. Design: storage.md.
#pragma once

#include <zael/store.h>

#include "dynamo/request_runner.h"
#include "dynamo/table_schemas.h"

namespace zael::dynamo {

// Thread-safe. Needs runner and schemas for its whole life; what is open is answered when the
// runner is closed.
class ItemClient final : public ItemStore, public AsyncItemStore {
 public:
  ItemClient(RequestRunner& runner, TableSchemas& schemas) : runner_(runner), schemas_(schemas) {}

  Result<std::optional<Item>> Get(const GetRequest& request) override;
  Result<std::vector<Item>> BatchGet(const BatchGetRequest& request) override;
  Result<WriteOutcome> Put(const PutRequest& request) override;
  Result<WriteOutcome> Update(const UpdateRequest& request) override;
  Result<WriteOutcome> Delete(const DeleteRequest& request) override;
  Result<TransactOutcome> TransactWrite(const TransactWriteRequest& request) override;
  Result<QueryPage> Query(const QueryRequest& request) override;

  void Submit(StoreRequest request, OnStoreAnswer on_answer) override;

 private:
  template <typename Answer>
  Answer Wait(StoreRequest request);
  void Begin(StoreRequest request, const KeySchema& keys, OnStoreAnswer on_answer);
  void BeginQuery(QueryRequest request, const TableSpec& spec, OnStoreAnswer on_answer);
  void Describe(QueryRequest request, OnStoreAnswer on_answer);
  void Refuse(const StoreRequest& request, const Error& error, OnStoreAnswer on_answer);

  RequestRunner& runner_;
  TableSchemas& schemas_;
};

}  // namespace zael::dynamo
