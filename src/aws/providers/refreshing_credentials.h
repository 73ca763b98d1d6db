// RefreshingCredentials: keeps what another provider gave, and asks it again ahead of the expiry.
//
// Callers get the kept ones at once for as long as they hold; the refresh runs beside them, one at
// a time however many ask. Only the first call, and one after a refresh that never succeeded,
// waits. A failed refresh is tried again after a pause that grows; when the old ones have expired
// its reason is the answer. Nothing runs while nobody asks.
#pragma once

#include <zael/clock.h>

#include <chrono>
#include <memory>

#include "aws/credentials.h"
#include "base/random.h"

namespace zael::aws {

// Refreshed this long before they expire, or when half of their time is left where that is shorter;
// jitter makes it up to a fifth earlier, so that a fleet does not refresh all at once.
inline constexpr std::chrono::minutes kRefreshAhead{15};
// So close to the expiry a request might arrive too late: callers wait for the refresh.
inline constexpr std::chrono::seconds kExpiryMargin{10};
// Between two refreshes; doubles with each failure, up to the second.
inline constexpr std::chrono::seconds kRefreshPause{1};
inline constexpr std::chrono::seconds kMaxRefreshPause{15};

// Thread-safe. Its destruction does not wait for a refresh under way.
class RefreshingCredentials final : public CredentialsProvider {
 public:
  RefreshingCredentials(std::shared_ptr<CredentialsProvider> source, std::shared_ptr<Clock> clock,
                        std::shared_ptr<RandomSource> random);

  // Errors: the source's; kUnavailable when what it gives has expired already.
  void Get(CredentialsCallback done) override;

 private:
  class State;
  const std::shared_ptr<State> state_;  // a refresh under way holds it too
};

}  // namespace zael::aws
