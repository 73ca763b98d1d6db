// ServerProcess: a server that a test starts and ends by its process id; it dies with the test too.
#pragma once

#include <netinet/in.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace zael::dynamo {

class ServerProcess {
 public:
  // `arguments` begins with the program, looked for in PATH. Its output is read through `output()`.
  explicit ServerProcess(const std::vector<std::string>& arguments);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // The next line of what it prints; empty when it ended.
  std::string ReadLine();

  // Whether it listens there; waits until it does or has ended.
  bool Listens(std::uint16_t port);

 private:
  bool HasEnded();

  pid_t pid_ = -1;
  int output_ = -1;
};

sockaddr_in Loopback(std::uint16_t port);

// A port that nobody listens on now: for servers that cannot pick one themselves. Somebody else may
// take it before they do, so be ready to try again.
std::uint16_t FreePort();

}  // namespace zael::dynamo
