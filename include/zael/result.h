// Result<T>: the value an operation promised, or the Error that says why there is none.
//
// Every call of this library that can fail answers with a Result. Denied acquires and lost
// conditional writes are values, not errors. Ignoring a Result does not compile (with warnings as
// errors), reading the value of a failed one ends the program: ask ok() first.
//
// Thread-compatible. Design: semantics.md, section 8.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace zael {

// What the caller can do about it stands beside each code.
enum class ErrorCode {
  kInvalidArgument,     // the call is wrong whatever the state: mend the argument the message names
  kNotFound,            // the named thing does not exist: create it, or mend the name
  kAlreadyExists,       // the named thing exists: use it, or take another name
  kFailedPrecondition,  // not in this state (version, protection, ended lease): do what the message
                        // says first
  kAborted,             // lost every race inside the deadline: try again
  kResourceExhausted,   // the store throttled us: slow down, then try again
  kUnavailable,       // the store cannot be reached or is held by another process: try again later
  kDeadlineExceeded,  // time ran out; a write may have happened
  kPermissionDenied,  // credentials or file modes do not allow it: ask whoever grants them
  kDataLoss,          // a stored record cannot be understood: run recovery, do not overwrite
  kInternal,          // a bug of ours: report it
};

// The code as it stands in JSON and logs: "invalid_argument", "not_found", ...
std::string_view ErrorCodeName(ErrorCode code);

// A code and one sentence "verb object: cause" with the identifiers an operator needs, never a
// secret.
class Error {
 public:
  // What makes an error is seldom run: kept apart from the code around it.
  [[gnu::cold]] Error(ErrorCode code, std::string message);

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }

  friend bool operator==(const Error&, const Error&) = default;

 private:
  ErrorCode code_;
  std::string message_;
};

namespace internal {
[[noreturn]] void DieOfMissingValue(const Error& error);
[[noreturn]] void DieOfMissingError();
}  // namespace internal

template <typename T>
class [[nodiscard]] Result {
 public:
  using ValueType = T;

  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by design
  [[gnu::cold]] Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  bool ok() const { return state_.index() == 0; }

  // Requires: !ok().
  const Error& error() const {
    if (ok()) internal::DieOfMissingError();
    return *std::get_if<1>(&state_);
  }

  // Requires: ok().
  T& value() & { return Checked(); }
  const T& value() const& { return const_cast<Result*>(this)->Checked(); }
  T&& value() && { return std::move(Checked()); }
  T& operator*() & { return Checked(); }
  const T& operator*() const& { return const_cast<Result*>(this)->Checked(); }
  T&& operator*() && { return std::move(Checked()); }
  T* operator->() { return &Checked(); }
  const T* operator->() const { return &const_cast<Result*>(this)->Checked(); }

 private:
  T& Checked() {
    if (!ok()) internal::DieOfMissingValue(*std::get_if<1>(&state_));
    return *std::get_if<0>(&state_);
  }

  std::variant<T, Error> state_;
};

// Done, or why not.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  [[gnu::cold]] Result(Error error) : state_(std::move(error)) {}  // NOLINT: implicit by design

  bool ok() const { return state_.index() == 0; }

  // Requires: !ok().
  const Error& error() const {
    if (ok()) internal::DieOfMissingError();
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<std::monostate, Error> state_;
};

using Status = Result<void>;

}  // namespace zael
