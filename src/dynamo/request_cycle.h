// RequestCycle: one exchange from its first attempt to its result, a state machine without I/O.
//
//   credentials -> send -> answer -> done
//        ^                   | throttled, lost, in part, wrong clock, expired credentials
//        +------ pause <-----+ -> no time, no attempts, or a write that may have been made: failed
//
// The driver does what each step says and tells how it went; a simulator or a test drives it
// alike. A write whose answer was lost is only sent again when its token makes that harmless
// (retry.h), and once lost it never again fails as if it surely had not been made.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>
#include <zael/store.h>

#include <chrono>
#include <optional>
#include <variant>

#include "aws/credentials.h"
#include "aws/transport.h"
#include "base/random.h"
#include "dynamo/exchange.h"
#include "dynamo/retry.h"
#include "dynamo/server_clock.h"

namespace zael::dynamo {

// What the cycles of one client share; outlives them.
struct CycleContext {
  const RetryOptions& options;
  Clock& clock;
  RandomSource& random;
  RetryQuota& quota;
  ServerClock& server_clock;
};

struct GetCredentials {};  // then OnCredentials
struct SendCall {          // the exchange's call, signed; then OnOutcome
  aws::CredentialsPtr credentials;
  WallTime signing_time;
  MonotonicTime deadline;  // of this attempt
};
struct Pause {  // then OnPaused
  std::chrono::nanoseconds duration;
};
struct Finished {};  // the exchange has its result
using CycleStep = std::variant<GetCredentials, SendCall, Pause, Finished>;

// Thread-compatible: its calls come one after the other.
class RequestCycle {
 public:
  // The exchange outlives the cycle. Without a deadline options.call_timeout bounds it.
  RequestCycle(const CycleContext& context, Exchange& exchange, Deadline deadline);

  CycleStep Start();
  CycleStep OnCredentials(Result<aws::CredentialsPtr> credentials);
  CycleStep OnOutcome(aws::HttpOutcome outcome);
  CycleStep OnPaused() { return Start(); }

 private:
  CycleStep OnResponse(aws::HttpResponse response);
  CycleStep OnRefusal(aws::HttpResponse response);
  CycleStep OnPartial(Reading reading);
  CycleStep OnFailure(FailureClass failure, Error error);
  CycleStep Again(FailureClass failure);
  void RunOutOfTime();
  CycleStep Conclude();
  bool IsWrite() const { return exchange_.call().nature != Nature::kRead; }

  const CycleContext context_;
  Exchange& exchange_;
  const MonotonicTime deadline_;
  std::optional<RetryState> retry_;  // set anew after each part of a batch
  aws::CredentialsPtr credentials_;  // of the running attempt
  aws::CredentialsPtr refused_;      // expired or withdrawn; only others are worth an attempt
  std::optional<Error> error_;       // of the last attempt
  std::optional<Error> lost_;        // of the first attempt that may have been made, of a write
};

}  // namespace zael::dynamo
