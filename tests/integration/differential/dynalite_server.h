// DynaliteServer: the other side of the comparison, started for the test and ended with it; or the
// server that runs at ZAEL_TEST_DYNAMODB_URL on this machine.
#pragma once

#include <cstdint>
#include <memory>

#include "tests/integration/dynamodb/server_process.h"

namespace zael::differential {

class DynaliteServer {
 public:
  // Fails the test, and has port 0, when there is none: run tools/install-dynalite.
  DynaliteServer();

  std::uint16_t port() const { return port_; }

 private:
  void Start();

  std::uint16_t port_ = 0;
  std::unique_ptr<dynamo::ServerProcess> process_;
};

}  // namespace zael::differential
