#include "dynamo/request_cycle.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "base/crc32.h"
#include "base/format.h"
#include "dynamo/http_date.h"

namespace zael::dynamo {
namespace {

MonotonicTime DeadlineOf(const CycleContext& context, Deadline deadline) {
  return deadline ? *deadline : context.clock.MonotonicNow() + context.options.call_timeout;
}

bool EqualIgnoringCase(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

std::optional<std::string_view> HeaderOf(const aws::HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (EqualIgnoringCase(key, name)) return value;
  }
  return std::nullopt;
}

// Absent: proxies and other servers than Amazon's may leave it out.
bool IsIntact(const aws::HttpResponse& response) {
  const auto told = HeaderOf(response, "x-amz-crc32");
  if (!told) return true;
  std::uint32_t crc = 0;
  const auto [end, fault] = std::from_chars(told->data(), told->data() + told->size(), crc);
  return fault == std::errc() && end == told->data() + told->size() && crc == Crc32(response.body);
}

// What a caller of the store is told when there are no credentials to sign with: never kNotFound,
// which means the table.
Error CredentialsError(std::string_view operation, const Error& error) {
  const bool passes =
      error.code() == ErrorCode::kUnavailable || error.code() == ErrorCode::kDeadlineExceeded;
  const bool is_setting = error.code() == ErrorCode::kInvalidArgument;
  return {passes || is_setting ? error.code() : ErrorCode::kPermissionDenied,
          Format("{}: {}", operation, error.message())};
}

}  // namespace

RequestCycle::RequestCycle(const CycleContext& context, Exchange& exchange, Deadline deadline)
    : context_(context), exchange_(exchange), deadline_(DeadlineOf(context, deadline)) {
  retry_.emplace(context_.options, exchange_.call().nature, deadline_);
}

CycleStep RequestCycle::Start() {
  if (context_.clock.MonotonicNow() < deadline_) return GetCredentials{};
  if (error_) {
    RunOutOfTime();
  } else {
    error_ = Error(ErrorCode::kDeadlineExceeded,
                   Format("{}: no time was left to send it", exchange_.call().operation));
  }
  return Conclude();
}

// Credentials that could be replaced and a clock that could be set are not what ended it.
void RequestCycle::RunOutOfTime() {
  if (error_->code() != ErrorCode::kPermissionDenied) return;
  error_ = Error(ErrorCode::kDeadlineExceeded,
                 Format("{}; no time was left to send it again", error_->message()));
}

CycleStep RequestCycle::OnCredentials(Result<aws::CredentialsPtr> credentials) {
  if (!credentials.ok()) {
    Error error = CredentialsError(exchange_.call().operation, credentials.error());
    const bool passes =
        error.code() == ErrorCode::kUnavailable || error.code() == ErrorCode::kDeadlineExceeded;
    return OnFailure(passes ? FailureClass::kNotSent : FailureClass::kFinal, std::move(error));
  }
  credentials_ = *std::move(credentials);
  if (refused_ && *credentials_ == *refused_) return Conclude();
  return SendCall{.credentials = credentials_,
                  .signing_time = context_.server_clock.Now(context_.clock.WallNow()),
                  .deadline = retry_->AttemptDeadline(context_.clock.MonotonicNow())};
}

CycleStep RequestCycle::OnOutcome(aws::HttpOutcome outcome) {
  const std::string_view operation = exchange_.call().operation;
  if (auto* failure = std::get_if<aws::TransportFailure>(&outcome)) {
    const bool is_request = failure->error.code() == ErrorCode::kInvalidArgument;
    const auto failure_class = is_request                  ? FailureClass::kFinal
                               : failure->may_have_arrived ? FailureClass::kUnknown
                                                           : FailureClass::kNotSent;
    return OnFailure(failure_class, {failure->error.code(),
                                     Format("{}: {}", operation, failure->error.message())});
  }
  auto& response = std::get<aws::HttpResponse>(outcome);
  if (!IsIntact(response)) {
    return OnFailure(FailureClass::kUnknown,
                     {ErrorCode::kUnavailable,
                      Format("{}: the answer was changed on its way (CRC-32)", operation)});
  }
  return response.status == 200 ? OnResponse(std::move(response)) : OnRefusal(std::move(response));
}

CycleStep RequestCycle::OnResponse(aws::HttpResponse response) {
  const std::string_view operation = exchange_.call().operation;
  switch (const Reading reading = exchange_.Read(std::move(response.body))) {
    case Reading::kDone:
      retry_->AfterSuccess(context_.quota);
      return Finished{};
    case Reading::kMore:
    case Reading::kNothing:
      return OnPartial(reading);
    case Reading::kUnreadable:
      break;
  }
  return OnFailure(FailureClass::kUnknown,
                   {ErrorCode::kUnavailable, Format("{}: the answer cannot be read", operation)});
}

// Parts are not failures: after each the attempts are counted anew. The pause shows respect.
CycleStep RequestCycle::OnPartial(Reading reading) {
  if (reading == Reading::kMore) {
    retry_->AfterSuccess(context_.quota);
    retry_.emplace(context_.options, exchange_.call().nature, deadline_);
  }
  return OnFailure(
      FailureClass::kThrottled,
      {ErrorCode::kResourceExhausted,
       Format("{}: the server left a part of the batch undone", exchange_.call().operation)});
}

CycleStep RequestCycle::OnRefusal(aws::HttpResponse response) {
  const auto date = HeaderOf(response, "Date");
  const auto server_time = date ? ParseHttpDate(*date) : std::nullopt;
  const ServiceError refusal = ReadServiceError(std::move(response));
  FailureClass failure = ClassOf(refusal);
  error_ = ToStoreError(refusal, exchange_.call().operation);
  if (failure == FailureClass::kSkewed) {
    const bool corrected =
        server_time && context_.server_clock.Correct(context_.clock.WallNow(), *server_time);
    if (!corrected) failure = FailureClass::kFinal;
  }
  if (failure == FailureClass::kCredentials) refused_ = credentials_;
  if (failure == FailureClass::kFinal || failure == FailureClass::kConflict) {
    // A conflict is tried again first; a lost condition is a result.
    const auto again = failure == FailureClass::kConflict ? Again(failure) : Finished{};
    if (!std::holds_alternative<Finished>(again)) return again;
    // A refusal says nothing of an earlier attempt that may still be on its way.
    if (!lost_ && exchange_.ReadRefusal(refusal)) {
      retry_->AfterSuccess(context_.quota);
      return Finished{};
    }
    return Conclude();
  }
  return OnFailure(failure, *error_);
}

CycleStep RequestCycle::OnFailure(FailureClass failure, Error error) {
  error_ = std::move(error);
  if (failure == FailureClass::kUnknown && IsWrite() && !lost_) lost_ = error_;
  const CycleStep again = Again(failure);
  if (!std::holds_alternative<Finished>(again)) return again;
  const bool could_pass = failure == FailureClass::kCredentials || failure == FailureClass::kSkewed;
  if (could_pass && context_.clock.MonotonicNow() >= deadline_) RunOutOfTime();
  return Conclude();
}

// Finished: there is nothing to be tried any more.
CycleStep RequestCycle::Again(FailureClass failure) {
  const auto pause =
      retry_->AfterFailure(failure, context_.clock.MonotonicNow(), context_.quota, context_.random);
  if (!pause) return Finished{};
  if (pause->count() == 0) return GetCredentials{};
  return Pause{*pause};
}

CycleStep RequestCycle::Conclude() {
  Error error = *std::move(error_);
  if (lost_) {
    const bool late = lost_->code() == ErrorCode::kDeadlineExceeded;
    error = {late ? ErrorCode::kDeadlineExceeded : ErrorCode::kUnavailable,
             Format("{}; the write may have been made", error.message())};
  }
  exchange_.Fail(std::move(error));
  return Finished{};
}

}  // namespace zael::dynamo
