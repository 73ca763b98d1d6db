#include "dynamo/item_client.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "base/mutex.h"
#include "dynamo/answer_exchange.h"
#include "dynamo/item_exchange.h"
#include "dynamo/table_codec.h"
#include "store/validate.h"

namespace zael::dynamo {

template <typename Answer>
Answer ItemClient::Wait(StoreRequest request) {
  struct Latch {
    Mutex mutex;
    CondVar changed;
    std::optional<StoreAnswer> answer ZAEL_GUARDED_BY(mutex);
  };
  const auto latch = std::make_shared<Latch>();
  Submit(std::move(request), [latch](StoreAnswer answer) {
    const MutexLock lock(latch->mutex);
    latch->answer = std::move(answer);
    latch->changed.NotifyAll();
  });
  const MutexLock lock(latch->mutex);
  while (!latch->answer) latch->changed.Wait(latch->mutex);
  return std::get<Answer>(*std::move(latch->answer));
}

Result<std::optional<Item>> ItemClient::Get(const GetRequest& request) {
  return Wait<Result<std::optional<Item>>>(request);
}
Result<std::vector<Item>> ItemClient::BatchGet(const BatchGetRequest& request) {
  return Wait<Result<std::vector<Item>>>(request);
}
Result<WriteOutcome> ItemClient::Put(const PutRequest& request) {
  return Wait<Result<WriteOutcome>>(request);
}
Result<WriteOutcome> ItemClient::Update(const UpdateRequest& request) {
  return Wait<Result<WriteOutcome>>(request);
}
Result<WriteOutcome> ItemClient::Delete(const DeleteRequest& request) {
  return Wait<Result<WriteOutcome>>(request);
}
Result<TransactOutcome> ItemClient::TransactWrite(const TransactWriteRequest& request) {
  return Wait<Result<TransactOutcome>>(request);
}
Result<QueryPage> ItemClient::Query(const QueryRequest& request) {
  return Wait<Result<QueryPage>>(request);
}

void ItemClient::Submit(StoreRequest request, OnStoreAnswer on_answer) {
  if (auto* query = std::get_if<QueryRequest>(&request)) {
    if (const auto spec = schemas_.Find(query->table)) {
      return BeginQuery(std::move(*query), *spec, std::move(on_answer));
    }
    return Describe(std::move(*query), std::move(on_answer));
  }
  Begin(std::move(request), {}, std::move(on_answer));
}

void ItemClient::Begin(StoreRequest request, const KeySchema& keys, OnStoreAnswer on_answer) {
  const Deadline deadline = DeadlineOf(request);
  auto exchange = MakeItemExchange(request, keys, runner_.random());
  if (!exchange.ok()) return Refuse(request, exchange.error(), std::move(on_answer));
  runner_.Start(*exchange, deadline, [exchange = *exchange, on_answer = std::move(on_answer)] {
    on_answer(exchange->TakeAnswer());
  });
}

void ItemClient::BeginQuery(QueryRequest request, const TableSpec& spec, OnStoreAnswer on_answer) {
  const KeySchema* keys = nullptr;
  if (const Status valid = store::ValidateQuery(spec, request, &keys); !valid.ok()) {
    schemas_.Forget(spec.name);  // it may have been made anew, with other keys
    return Refuse(request, valid.error(), std::move(on_answer));
  }
  Begin(request, *keys,
        [&schemas = schemas_, table = request.table,
         on_answer = std::move(on_answer)](StoreAnswer answer) {
          const auto& page = std::get<Result<QueryPage>>(answer);
          if (!page.ok() && page.error().code() == ErrorCode::kInvalidArgument) {
            schemas.Forget(table);
          }
          on_answer(std::move(answer));
        });
}

void ItemClient::Describe(QueryRequest request, OnStoreAnswer on_answer) {
  const Deadline deadline = request.deadline;
  const auto exchange =
      std::make_shared<AnswerExchange<TableState>>(RenderDescribeTable(request.table), &ReadTable);
  runner_.Start(exchange, deadline,
                [this, exchange, request = std::move(request), on_answer = std::move(on_answer)] {
                  const auto table = exchange->TakeResult();
                  if (!table.ok()) return on_answer(Result<QueryPage>(table.error()));
                  schemas_.Put(table->description.spec);
                  BeginQuery(request, table->description.spec, on_answer);
                });
}

void ItemClient::Refuse(const StoreRequest& request, const Error& error, OnStoreAnswer on_answer) {
  runner_.Defer([answer = FailedAnswer(request, error), on_answer = std::move(on_answer)] {
    on_answer(answer);
  });
}

}  // namespace zael::dynamo
