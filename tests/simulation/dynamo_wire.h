// DynamoWire: the DynamoDB client and the endpoint's operations between a simulated client and the
// store, with everything that goes wrong on the way: what is refused, cut before or after the
// write, changed, late, left in part, signed with the wrong time or an expired key.
//
// The client is the real one, over a transport that answers at once; its pauses pass on the
// simulated clock. The thread that waits and the one that works take turns, so a seed repeats a
// run.
#pragma once

#include <zael/clock.h>
#include <zael/store.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "testing/simulated_clock.h"

namespace zael::simulation {

// Chances in a thousand of each attempt.
struct WireRates {
  int refused_connection = 0;  // nothing left
  int lost_before = 0;         // sent, never performed
  int lost_after = 0;          // performed, the answer cut
  int delivered_late = 0;      // performed after the sender was told that the connection is cut
  int late = 0;                // performed, the answer after the attempt's deadline
  int corrupted = 0;           // performed, the answer changed on its way
  int failed = 0;              // status 500, performed or not
  int throttled = 0;
  int conflict = 0;  // of transactions
  int in_part = 0;   // of batches
  int expired_key = 0;
};

struct WireOptions {
  std::uint64_t seed = 0;
  WireRates rates;
  std::shared_ptr<testing::SimulatedClock> clock;  // the server's
  std::shared_ptr<Clock> client_clock;             // maybe skewed; by 15 minutes is too much
  std::map<std::string, std::uint64_t>* seen = nullptr;
  std::function<void(std::function<void()> deliver)> late = nullptr;  // takes what is late
};

// `stores`: what the server performs requests on.
std::shared_ptr<ItemStore> ConnectOverDynamo(Stores stores, const WireOptions& options);

}  // namespace zael::simulation
