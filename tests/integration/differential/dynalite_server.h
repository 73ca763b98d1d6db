// DynaliteServer: the other side of the comparison, started for the test and ended with it; or the
// server that runs at ZAEL_TEST_DYNAMODB_URL on this machine.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace zael::differential {

class DynaliteServer {
 public:
  // Fails the test, and has port 0, when there is none: run tools/install-dynalite.
  DynaliteServer();
  ~DynaliteServer();
  DynaliteServer(const DynaliteServer&) = delete;
  DynaliteServer& operator=(const DynaliteServer&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  void Start();

  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace zael::differential
