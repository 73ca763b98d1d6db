// ChaosProxy: stands between a client and a server of HTTP/1.1 and does to each request what its
// seed decides, before or after the server has got it.
//
// It corrupts what can be noticed without TLS: the operation asked for, and the body of an answer
// that carries its checksum; other answers it cuts. A thread for each connection; they share the
// seed, so one seed gives the same mischief in the same order but not to the same requests.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/random.h"

namespace zael::dynamo {

enum class Mischief {
  kNone,
  kDelay,
  // The server never gets the request.
  kCutBefore,
  kCutInRequest,
  kStallBefore,
  kCorruptRequest,
  // It gets it, the client does not get its answer.
  kCutAfter,
  kCutInAnswer,
  kStallAfter,
  kCorruptAnswer,
  kGarbageAnswer,
  // One direction ends, the other stays open.
  kHalfCloseToClient,
  kHalfCloseToServer,
  // It gets it after the client was cut off, and may have tried again meanwhile.
  kDeliverLate,
};
inline constexpr std::size_t kMischiefs = 14;

// Thread-safe.
class ChaosProxy {
 public:
  // In front of 127.0.0.1:server_port; does nothing bad until Rage().
  ChaosProxy(std::uint16_t server_port, std::uint64_t seed);
  // Cuts every connection.
  ~ChaosProxy();
  ChaosProxy(const ChaosProxy&) = delete;
  ChaosProxy& operator=(const ChaosProxy&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  // Mischief to one request in three, of every kind before the first kind comes again.
  void Rage() { raging_ = true; }
  // Waits for what is still on its way: nothing arrives late afterwards.
  void Calm();

  std::uint64_t count(Mischief mischief) const {
    return counts_[static_cast<std::size_t>(mischief)];
  }

 private:
  struct Line {
    int client;
    int server;
    std::string from_client;  // read and not yet used
    std::string from_server;
  };

  void Accept();
  void Serve(int client);
  Mischief Draw();
  Mischief Deal();
  std::size_t Below(std::size_t bound);

  // Each answers whether the connection goes on.
  bool Do(Mischief mischief, Line& line, std::string request);
  bool DoAfter(Mischief mischief, Line& line, std::string answer);

  bool SendCorrupted(int client, std::string answer);

  // A whole request or answer; empty when the connection ended before.
  std::string ReadMessage(int from, std::string& buffer);
  bool Await(int from);
  void WaitForEnd(int from);
  static void Pause(std::size_t milliseconds);

  const std::uint16_t server_port_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> raging_ = false;
  std::atomic<bool> stopped_ = false;
  std::atomic<int> under_way_ = 0;  // requests that a thread is at
  std::array<std::atomic<std::uint64_t>, kMischiefs> counts_{};

  std::mutex mutex_;
  SeededRandom random_;               // under mutex_
  std::vector<Mischief> deck_;        // under mutex_; what is still to come
  std::vector<std::thread> threads_;  // under mutex_
  std::thread acceptor_;
};

}  // namespace zael::dynamo
