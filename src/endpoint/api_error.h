// ApiError: what a caller of the wire protocol is told when an operation fails, and ApiResult, the
// value or that error.
//
// The types and texts are DynamoDB's own: clients match on them. Every operation of this room
// answers an ApiOutcome, the JSON of the body or an ApiError; only the dispatcher turns either into
// HTTP. Plain values. Thread-compatible. Facts: dynamodb-api.md, sections 1.1 and 3.1.
#pragma once

#include <zael/result.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace zael::endpoint {

struct ApiError {
  int status = 400;
  std::string type;                // with its namespace, as it stands in `__type`
  std::string message;             // empty: no message member
  std::string extra_members_json;  // `"Item":{...},"Other":1`, empty for most
  friend bool operator==(const ApiError&, const ApiError&) = default;
};

// The name after the namespace: what clients match on.
std::string_view ErrorName(const ApiError& error);

// {"__type":...,"message":...,<extra members>}
std::string ErrorBody(const ApiError& error);

ApiError ValidationError(std::string message);
// The data plane's text, which names nothing.
ApiError ResourceNotFound();
ApiError ResourceNotFound(std::string message);
ApiError ResourceInUse(std::string message);
ApiError LimitExceeded(std::string message);
// `item_json`: the item that failed the condition, as {"name":{"S":...}}; empty when not asked for.
ApiError ConditionalCheckFailed(std::string item_json = {});
// `codes`: "A, B", one for each element; `reasons_json`: the array of CancellationReasons.
ApiError TransactionCanceled(std::string_view codes, std::string reasons_json);
ApiError IdempotentParameterMismatch();
ApiError SerializationError(std::string message);
ApiError UnknownOperation();
ApiError InternalServerError();
// A modeled exception of DynamoDB without a function of its own.
ApiError ServiceError(std::string_view name, std::string message);

// What a failure of the store is on the wire. `error` was not foreseen by the validation above the
// store: its message is passed on for the caller's own mistakes and kept back for the rest.
ApiError FromStoreError(const Error& error);

// A value or an ApiError. Converts from both, and from the Error of a store.
template <typename T>
class [[nodiscard]] ApiResult {
 public:
  using ValueType = T;

  ApiResult(T value) : state_(std::in_place_index<0>, std::move(value)) {}         // NOLINT
  ApiResult(ApiError error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT
  ApiResult(const Error& error) : ApiResult(FromStoreError(error)) {}              // NOLINT

  bool ok() const { return state_.index() == 0; }
  // Requires: !ok().
  const ApiError& error() const { return std::get<1>(state_); }
  // Requires: ok().
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

 private:
  std::variant<T, ApiError> state_;
};

// Done, or why not.
template <>
class [[nodiscard]] ApiResult<void> {
 public:
  ApiResult() = default;
  ApiResult(ApiError error) : state_(std::move(error)) {}              // NOLINT
  ApiResult(const Error& error) : ApiResult(FromStoreError(error)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  // Requires: !ok().
  const ApiError& error() const { return std::get<1>(state_); }

 private:
  std::variant<std::monostate, ApiError> state_;
};

using ApiStatus = ApiResult<void>;
using ApiOutcome = ApiResult<std::string>;

}  // namespace zael::endpoint
