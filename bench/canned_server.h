// CannedServer: an HTTP server in a process of its own that gives one answer to every request, so
// that what is measured is its client.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace zael::bench {

// Ended by its process id when destroyed, and with the program.
class CannedServer {
 public:
  // On loopback, on a port the system picks. `answer`: a whole HTTP/1.1 response. Make it before
  // the first thread.
  explicit CannedServer(const std::string& answer);
  ~CannedServer();
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace zael::bench
