// AnswerExchange: an exchange of one call whose result is its answer, decoded; every refusal is a
// failure, unless there is an answer for servers that do not know the operation.
#pragma once

#include <zael/result.h>
#include <zael/store.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "dynamo/exchange.h"
#include "dynamo/request_runner.h"

namespace zael::dynamo {

// Thread-compatible.
template <typename Answer>
class AnswerExchange final : public Exchange {
 public:
  using Decoder = Result<Answer> (*)(std::string body);

  AnswerExchange(Call call, Decoder decoder, std::optional<Answer> when_unknown = std::nullopt)
      : call_(std::move(call)), decoder_(decoder), when_unknown_(std::move(when_unknown)) {}

  const Call& call() const override { return call_; }
  Reading Read(std::string body) override {
    auto answer = decoder_(std::move(body));
    if (!answer.ok()) return Reading::kUnreadable;
    result_ = std::move(answer);
    return Reading::kDone;
  }
  bool ReadRefusal(const ServiceError& refusal) override {
    if (!when_unknown_ || refusal.code != "UnknownOperationException") return false;
    result_ = *when_unknown_;
    return true;
  }
  void Fail(Error error) override { result_ = std::move(error); }

  // Requires: the exchange has ended.
  Result<Answer> TakeResult() { return std::move(result_); }

 private:
  const Call call_;
  const Decoder decoder_;
  const std::optional<Answer> when_unknown_;
  Result<Answer> result_ = Error(ErrorCode::kInternal, "no answer yet");
};

// The whole of it on the calling thread.
template <typename Answer>
Result<Answer> Ask(RequestRunner& runner, Call call, Result<Answer> (*decoder)(std::string),
                   Deadline deadline, std::optional<Answer> when_unknown = std::nullopt) {
  const auto exchange =
      std::make_shared<AnswerExchange<Answer>>(std::move(call), decoder, std::move(when_unknown));
  runner.Run(exchange, deadline);
  return exchange->TakeResult();
}

}  // namespace zael::dynamo
