// Runtime: what finding and refreshing credentials works with. Production gives the HttpTransport,
// which is a timer too, and the system's clock; tests bring their own.
#pragma once

#include <zael/clock.h>

#include <memory>

#include "aws/transport.h"
#include "base/random.h"
#include "os/process.h"
#include "os/timer.h"

namespace zael::aws {

// The transport and the timer must outlive everything that was made with them.
struct Runtime {
  Transport& transport;
  os::Timer& timer;
  std::shared_ptr<Clock> clock;
  std::shared_ptr<RandomSource> random;            // for jitter
  std::shared_ptr<os::ProcessRunner> processes{};  // null: the operating system's
};

}  // namespace zael::aws
