// EndpointServer: our own endpoint over HTTP, on an engine of its own in a temporary directory. It
// checks signatures, so a client that talks to it proves that it signs.
#pragma once

#include <zael/clock.h>
#include <zael/store.h>

#include <memory>
#include <string>

#include "dynamo/dynamo_client.h"
#include "endpoint/endpoint.h"
#include "engine/engine.h"
#include "os/temporary_directory.h"

namespace zael::dynamo {

// Thread-safe.
class EndpointServer {
 public:
  // `clock`: the engine's and the endpoint's. A client dates by the system's at first and learns
  // from the endpoint's refusal.
  explicit EndpointServer(std::shared_ptr<Clock> clock);

  std::string url() const { return endpoint_->url(); }
  engine::Engine& engine() { return *engine_; }

  // With the key that the endpoint knows.
  static aws::Credentials credentials();
  std::shared_ptr<DynamoClient> Connect();

 private:
  os::TemporaryDirectory directory_;
  std::shared_ptr<engine::Engine> engine_;
  std::unique_ptr<endpoint::Endpoint> endpoint_;
};

}  // namespace zael::dynamo
