#include "aws/providers/fetch.h"

#include <memory>
#include <utility>
#include <variant>

#include "base/format.h"

namespace zael::aws {
namespace {

constexpr unsigned kTooManyRequests = 429;
constexpr unsigned kFirstServerError = 500;

// Held by the transport or the timer while it runs.
class Attempts : public std::enable_shared_from_this<Attempts> {
 public:
  Attempts(const Runtime& runtime, HttpRequest request, const FetchPolicy& policy, std::string what,
           std::function<void(Result<HttpResponse>)> done)
      : runtime_(runtime),
        request_(std::move(request)),
        policy_(policy),
        what_(std::move(what)),
        done_(std::move(done)) {}

  void Next() {
    --left_;
    runtime_.transport.Send(
        request_, runtime_.clock->MonotonicNow() + policy_.timeout,
        [self = shared_from_this()](HttpOutcome outcome) { self->Judge(std::move(outcome)); });
  }

 private:
  void Judge(HttpOutcome outcome) {
    const auto* response = std::get_if<HttpResponse>(&outcome);
    const auto* failure = std::get_if<TransportFailure>(&outcome);
    const bool hopeless =
        failure != nullptr && failure->error.code() == ErrorCode::kInvalidArgument;
    const bool answered = response != nullptr && response->status != kTooManyRequests &&
                          response->status < kFirstServerError;
    if (!answered && !hopeless && left_ > 0) {
      runtime_.timer.RunAfter(pause_, [self = shared_from_this()] { self->Next(); });
      pause_ *= 2;
      return;
    }
    done_(Conclude(std::move(outcome)));
  }

  Result<HttpResponse> Conclude(HttpOutcome outcome) const {
    if (auto* failure = std::get_if<TransportFailure>(&outcome)) {
      return Error(failure->error.code(), Format("ask {}: {}", what_, failure->error.message()));
    }
    auto& response = std::get<HttpResponse>(outcome);
    if (response.body.size() <= kMaxFetchedBytes) return std::move(response);
    return Error(ErrorCode::kUnavailable,
                 Format("ask {}: its answer is larger than {} bytes", what_, kMaxFetchedBytes));
  }

  const Runtime runtime_;
  const HttpRequest request_;
  const FetchPolicy policy_;
  const std::string what_;
  const std::function<void(Result<HttpResponse>)> done_;
  int left_ = policy_.attempts;
  std::chrono::milliseconds pause_ = policy_.pause;
};

}  // namespace

void Fetch(const Runtime& runtime, HttpRequest request, const FetchPolicy& policy, std::string what,
           std::function<void(Result<HttpResponse>)> done) {
  std::make_shared<Attempts>(runtime, std::move(request), policy, std::move(what), std::move(done))
      ->Next();
}

Error RefusedAnswer(const std::string& what, unsigned status) {
  constexpr unsigned kUnauthorized = 401;
  constexpr unsigned kForbidden = 403;
  constexpr unsigned kMissing = 404;
  const ErrorCode code = status == kUnauthorized || status == kForbidden
                             ? ErrorCode::kPermissionDenied
                         : status == kMissing ? ErrorCode::kNotFound
                                              : ErrorCode::kUnavailable;
  return Error(code, Format("ask {}: it answered {}", what, status));
}

}  // namespace zael::aws
