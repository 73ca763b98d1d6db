#include "tests/integration/differential/dynalite_server.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

#include "os/environment.h"

namespace zael::differential {
namespace {

std::string Directory() {
  if (const auto directory = os::Environment("ZAEL_DYNALITE")) return *directory;
  const auto cache = os::Environment("XDG_CACHE_HOME");
  return (cache.has_value() ? *cache : os::Environment("HOME").value_or("") + "/.cache") +
         "/zael-dynalite";
}

std::uint16_t PortOf(const std::string& text) {
  return static_cast<std::uint16_t>(std::strtoul(text.c_str(), nullptr, 10));
}

}  // namespace

DynaliteServer::DynaliteServer() {
  const auto url = os::Environment("ZAEL_TEST_DYNAMODB_URL");
  if (!url.has_value()) {
    Start();
    return;
  }
  EXPECT_EQ(url->find("http://127.0.0.1:"), 0u) << *url << " is not on this machine";
  port_ = PortOf(url->substr(url->rfind(':') + 1));
}

void DynaliteServer::Start() {
  const std::string modules = Directory() + "/node_modules";
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a killed test leaves no server
    if (::getppid() != parent) ::_exit(126);
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::setenv("NODE_PATH", modules.c_str(), 1);
    ::execlp("node", "node", ZAEL_SERVE_DYNALITE, nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string port;
  char c = 0;
  while (::read(ends[0], &c, 1) == 1 && c != '\n') port += c;
  ::close(ends[0]);
  EXPECT_FALSE(port.empty()) << "dynalite did not start from " << modules
                             << ": run tools/install-dynalite";
  port_ = PortOf(port);
}

DynaliteServer::~DynaliteServer() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
}

}  // namespace zael::differential
