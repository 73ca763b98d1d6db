#include "dynamo/item_exchange.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/format.h"
#include "base/try.h"
#include "dynamo/item_answers.h"
#include "dynamo/item_requests.h"

namespace zael::dynamo {
namespace {

template <typename T>
class ExchangeOf : public ItemExchange {
 public:
  explicit ExchangeOf(Call call) : call_(std::move(call)) {}

  const Call& call() const override { return call_; }
  bool ReadRefusal(const ServiceError&) override { return false; }
  void Fail(Error error) override { result_ = std::move(error); }
  StoreAnswer TakeAnswer() override { return std::move(result_); }

 protected:
  Reading Settle(Result<T> answer) {
    if (!answer.ok()) return Reading::kUnreadable;
    result_ = std::move(answer);
    return Reading::kDone;
  }

  Call call_;
  Result<T> result_ = Error(ErrorCode::kInternal, "no answer yet");
};

class GetExchange final : public ExchangeOf<std::optional<Item>> {
 public:
  using ExchangeOf::ExchangeOf;
  Reading Read(std::string body) override { return Settle(ReadGetAnswer(std::move(body))); }
};

class QueryExchange final : public ExchangeOf<QueryPage> {
 public:
  using ExchangeOf::ExchangeOf;
  Reading Read(std::string body) override { return Settle(ReadQueryAnswer(std::move(body))); }
};

class BatchGetExchange final : public ExchangeOf<std::vector<Item>> {
 public:
  BatchGetExchange(Call call, std::string table, std::size_t keys)
      : ExchangeOf(std::move(call)), table_(std::move(table)), left_(keys) {}

  Reading Read(std::string body) override {
    auto part = ReadBatchGetAnswer(std::move(body), table_);
    // More than were asked for is no answer to this request.
    if (!part.ok() || part->unprocessed.size() > left_) return Reading::kUnreadable;
    for (Item& item : part->items) items_.push_back(std::move(item));
    if (part->unprocessed.empty()) return Settle(std::move(items_));
    auto rest = RenderBatchGet(table_, part->unprocessed);
    if (!rest.ok()) return Reading::kUnreadable;
    call_ = *std::move(rest);
    const std::size_t before = std::exchange(left_, part->unprocessed.size());
    return left_ < before ? Reading::kMore : Reading::kNothing;
  }

 private:
  const std::string table_;
  std::size_t left_;
  std::vector<Item> items_;
};

class WriteExchange final : public ExchangeOf<WriteOutcome> {
 public:
  // `new_item`: what the answer returns although the server does not send it back.
  WriteExchange(Call call, std::optional<Item> new_item)
      : ExchangeOf(std::move(call)), new_item_(std::move(new_item)) {}

  Reading Read(std::string body) override {
    auto item = ReadWriteAnswer(std::move(body));
    if (!item.ok()) return Reading::kUnreadable;
    if (new_item_) *item = std::move(new_item_);
    return Settle(WriteOutcome{.applied = true, .item = *std::move(item)});
  }

  bool ReadRefusal(const ServiceError& refusal) override {
    if (!IsLostCondition(refusal)) return false;
    auto item = ReadLostCondition(refusal);
    if (item.ok()) {
      result_ = WriteOutcome{.applied = false, .item = *std::move(item)};
    } else {
      result_ = item.error();
    }
    return true;
  }

 private:
  std::optional<Item> new_item_;
};

class TransactExchange final : public ExchangeOf<TransactOutcome> {
 public:
  TransactExchange(Call call, std::size_t count) : ExchangeOf(std::move(call)), count_(count) {}

  // An empty object, or what was not asked for: nothing in it is needed.
  Reading Read(std::string) override { return Settle(TransactOutcome{.applied = true}); }

  bool ReadRefusal(const ServiceError& refusal) override {
    if (!IsCancellation(refusal)) return false;
    result_ = ReadCancellation(refusal, count_);
    return true;
  }

 private:
  const std::size_t count_;
};

constexpr std::string_view kTokenDigits = "0123456789abcdef";

std::string MakeToken(RandomSource& random) {
  std::string token;
  for (int half = 0; half < 2; ++half) {
    std::uint64_t bits = random.Next();
    for (int digit = 0; digit < 16; ++digit, bits >>= 4) token += kTokenDigits[bits & 15];
  }
  return token;
}

struct MakeExchange {
  const KeySchema& keys;
  RandomSource& random;
  using Made = Result<std::shared_ptr<ItemExchange>>;

  Made operator()(const GetRequest& request) const {
    ZAEL_ASSIGN(Call call, RenderGet(request));
    return Made(std::make_shared<GetExchange>(std::move(call)));
  }
  Made operator()(const BatchGetRequest& request) const {
    ZAEL_ASSIGN(Call call, RenderBatchGet(request.table, request.keys));
    return Made(
        std::make_shared<BatchGetExchange>(std::move(call), request.table, request.keys.size()));
  }
  Made operator()(PutRequest& request) const {
    ZAEL_ASSIGN(Call call, RenderPut(request));
    std::optional<Item> new_item;
    if (request.return_item == ReturnItem::kNew) new_item = std::move(request.item);
    return Made(std::make_shared<WriteExchange>(std::move(call), std::move(new_item)));
  }
  Made operator()(const UpdateRequest& request) const {
    ZAEL_ASSIGN(Call call, RenderUpdate(request));
    return Made(std::make_shared<WriteExchange>(std::move(call), std::nullopt));
  }
  Made operator()(const DeleteRequest& request) const {
    ZAEL_ASSIGN(Call call, RenderDelete(request));
    return Made(std::make_shared<WriteExchange>(std::move(call), std::nullopt));
  }
  Made operator()(const TransactWriteRequest& request) const {
    ZAEL_ASSIGN(Call call, RenderTransactWrite(
                               request, request.token.empty() ? MakeToken(random) : request.token));
    return Made(std::make_shared<TransactExchange>(std::move(call), request.items.size()));
  }
  Made operator()(const QueryRequest& request) const {
    ZAEL_ASSIGN(Call call, RenderQuery(request, keys));
    return Made(std::make_shared<QueryExchange>(std::move(call)));
  }
};

struct Failed {
  const Error& error;
  StoreAnswer operator()(const GetRequest&) const { return Result<std::optional<Item>>(error); }
  StoreAnswer operator()(const BatchGetRequest&) const { return Result<std::vector<Item>>(error); }
  StoreAnswer operator()(const PutRequest&) const { return Result<WriteOutcome>(error); }
  StoreAnswer operator()(const UpdateRequest&) const { return Result<WriteOutcome>(error); }
  StoreAnswer operator()(const DeleteRequest&) const { return Result<WriteOutcome>(error); }
  StoreAnswer operator()(const TransactWriteRequest&) const {
    return Result<TransactOutcome>(error);
  }
  StoreAnswer operator()(const QueryRequest&) const { return Result<QueryPage>(error); }
};

}  // namespace

Result<std::shared_ptr<ItemExchange>> MakeItemExchange(StoreRequest& request, const KeySchema& keys,
                                                       RandomSource& random) {
  return std::visit(MakeExchange{keys, random}, request);
}

StoreAnswer FailedAnswer(const StoreRequest& request, Error error) {
  return std::visit(Failed{error}, request);
}

Deadline DeadlineOf(const StoreRequest& request) {
  return std::visit([](const auto& any) { return any.deadline; }, request);
}

}  // namespace zael::dynamo
