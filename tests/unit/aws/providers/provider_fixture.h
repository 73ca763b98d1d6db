// What tests of providers share: a Runtime over the production transport and the system's clock,
// a server that answers from a table, and one that never does.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/http_transport.h"
#include "aws/runtime.h"
#include "base/mutex.h"
#include "loopback_server.h"

namespace zael::aws {

// A transport of its own; it must outlive the providers made with it.
class LoopbackRuntime {
 public:
  LoopbackRuntime() {
    auto started = HttpTransport::Start({}, clock_);
    EXPECT_TRUE(started.ok());
    transport_ = *std::move(started);
  }

  Runtime runtime() const {
    return {*transport_, *transport_, clock_, std::make_shared<SeededRandom>(1)};
  }
  void Destroy() { transport_.reset(); }

 private:
  const std::shared_ptr<Clock> clock_ = MakeSystemClock();
  std::unique_ptr<HttpTransport> transport_;
};

// An HTTP answer as it goes on the wire.
inline std::string Answer(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) +
         " Said\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Answers by `METHOD /target`, the same each time or one after the other; 404 to all else.
class TableServer {
 public:
  TableServer() : server_([this](Peer& peer, int) { Serve(peer); }) {}

  void On(const std::string& what, std::vector<std::string> answers) {
    const MutexLock lock(mutex_);
    answers_[what] = std::move(answers);
  }
  void On(const std::string& what, const std::string& answer) { On(what, std::vector{answer}); }

  std::uint16_t port() const { return server_.port(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

  // All of them, head and body.
  std::vector<std::string> requests() const {
    const MutexLock lock(mutex_);
    return requests_;
  }

 private:
  void Serve(Peer& peer) {
    for (std::string request; !(request = peer.ReadRequest()).empty();) {
      peer.Write(AnswerTo(request));
    }
  }

  std::string AnswerTo(const std::string& request) {
    const MutexLock lock(mutex_);
    requests_.push_back(request);
    const auto found = answers_.find(request.substr(0, request.find(" HTTP/1.1\r\n")));
    if (found == answers_.end()) return Answer(404, "not here");
    std::vector<std::string>& answers = found->second;
    const std::string answer = answers.front();
    if (answers.size() > 1) answers.erase(answers.begin());
    return answer;
  }

  mutable Mutex mutex_;
  std::map<std::string, std::vector<std::string>> answers_ ZAEL_GUARDED_BY(mutex_);
  std::vector<std::string> requests_ ZAEL_GUARDED_BY(mutex_);
  LoopbackServer server_;
};

// Takes requests and never answers.
class SilentServer {
 public:
  SilentServer() : server_([](Peer& peer, int) { peer.ReadToEnd(); }) {}
  std::uint16_t port() const { return server_.port(); }

 private:
  LoopbackServer server_;
};

// A port of this host that refuses connections.
inline std::uint16_t RefusingPort() {
  return LoopbackServer([](Peer&, int) {}).port();
}

}  // namespace zael::aws
