#include "tests/integration/dynamodb/dynamodb_server.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/random.h"

namespace zael::dynamo {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string MotoPython() {
  std::string directory = Variable("ZAEL_DYNAMODB_SERVER");
  if (directory.empty()) {
    const std::string cache = Variable("XDG_CACHE_HOME");
    directory = (cache.empty() ? Variable("HOME") + "/.cache" : cache) + "/zael-dynamodb-server";
  }
  return directory + "/venv/bin/python";
}

bool IsLoopback(std::string_view url) {
  return url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:") ||
         url.starts_with("http://[::1]:");
}

std::optional<std::string> NoVariables(const char*) { return std::nullopt; }

}  // namespace

DynamoDbServer& DynamoDbServer::Shared() {
  static DynamoDbServer server;
  return server;
}

DynamoDbServer::DynamoDbServer() {
  url_ = Variable("ZAEL_TEST_DYNAMODB_URL");
  if (url_.empty()) {
    StartMoto();
  } else if (!IsLoopback(url_)) {
    ADD_FAILURE() << "ZAEL_TEST_DYNAMODB_URL: not on this machine: " << url_;
    url_.clear();
  }
}

void DynamoDbServer::StartMoto() {
  const std::string python = MotoPython();
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
    ::execl(python.c_str(), python.c_str(), ZAEL_SERVE_MOTO, nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string port;
  char c = 0;
  while (::read(ends[0], &c, 1) == 1 && c != '\n') port += c;
  ::close(ends[0]);
  EXPECT_FALSE(port.empty()) << python << " did not start: run tools/install-dynamodb-server";
  if (!port.empty()) url_ = "http://127.0.0.1:" + port;
}

DynamoDbServer::~DynamoDbServer() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
}

std::shared_ptr<DynamoClient> DynamoDbServer::Connect(std::shared_ptr<Clock> clock) {
  auto client = DynamoClient::Open(
      {.aws = {.profile = "",
               .region = "us-east-1",
               .endpoint_url = url_,
               .credentials = aws::Credentials{.access_key_id = "test", .secret_access_key = "x"}},
       .variables = &NoVariables,
       .retry = {.attempt_timeout = std::chrono::seconds(60),
                 .call_timeout = std::chrono::seconds(120)},
       .clock = std::move(clock),
       .random = std::make_shared<SeededRandom>(static_cast<std::uint64_t>(::getpid()))});
  EXPECT_TRUE(client.ok()) << client.error().message();
  return client.ok() ? *std::move(client) : nullptr;
}

void DynamoDbServer::DeleteAllTables() {
  const auto client = Connect(MakeSystemClock());
  if (client == nullptr) return;
  const Stores stores = client->stores();
  const auto names = stores.tables->ListTables();
  ASSERT_TRUE(names.ok()) << names.error().message();
  for (const std::string& name : *names) {
    const auto opened = stores.tables->UpdateTable(name, {.deletion_protection = false});
    EXPECT_TRUE(opened.ok()) << opened.error().message();
    const Status deleted = stores.tables->DeleteTable(name);
    EXPECT_TRUE(deleted.ok()) << deleted.error().message();
  }
}

}  // namespace zael::dynamo
