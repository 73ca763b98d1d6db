#include "tests/integration/differential/dynalite_server.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

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
  process_ = std::make_unique<dynamo::ServerProcess>(
      std::vector<std::string>{"env", "NODE_PATH=" + modules, "node", ZAEL_SERVE_DYNALITE});
  const std::string port = process_->ReadLine();
  EXPECT_FALSE(port.empty()) << "dynalite did not start from " << modules
                             << ": run tools/install-dynalite";
  port_ = PortOf(port);
}

}  // namespace zael::differential
