// Fetch: one small HTTP exchange with a few attempts, as all services that give credentials want
// it.
//
// Repeating is harmless there: nothing is changed by asking. Tried again: failures of the
// transport, status 5xx and 429.
#pragma once

#include <zael/result.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "aws/runtime.h"
#include "aws/transport.h"

namespace zael::aws {

struct FetchPolicy {
  int attempts = 3;
  std::chrono::milliseconds timeout{2'000};  // of each attempt
  std::chrono::milliseconds pause{100};      // before the second; doubles
};

inline constexpr std::size_t kMaxFetchedBytes = 64 * 1024;

// Calls `done` once: with the last answer, whatever its status, or why there is none.
// Errors: kUnavailable, kDeadlineExceeded, kResourceExhausted, kInvalidArgument (the request cannot
// be sent), `ask WHAT: cause`; an answer larger than kMaxFetchedBytes is kUnavailable.
void Fetch(const Runtime& runtime, HttpRequest request, const FetchPolicy& policy, std::string what,
           std::function<void(Result<HttpResponse>)> done);

// kPermissionDenied for 401 and 403, kNotFound for 404, else kUnavailable: `ask WHAT: it answered
// 403`. Requires: status is not 200.
Error RefusedAnswer(const std::string& what, unsigned status);

}  // namespace zael::aws
