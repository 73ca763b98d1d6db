#include "tests/integration/dynamodb/dynamodb_server.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/integration/dynamodb/test_client.h"

namespace zael::dynamo {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Where tools/install-dynamodb-servers puts them.
std::string Servers() {
  std::string directory = Variable("ZAEL_DYNAMODB_SERVERS");
  if (!directory.empty()) return directory;
  const std::string cache = Variable("XDG_CACHE_HOME");
  return (cache.empty() ? Variable("HOME") + "/.cache" : cache) + "/zael-dynamodb-servers";
}

std::string UrlOf(std::string_view port) { return "http://127.0.0.1:" + std::string(port); }

constexpr int kPortsTried = 5;

}  // namespace

DynamoDbServer& DynamoDbServer::Local() {
  static DynamoDbServer server;
  if (server.process_ == nullptr) server.StartLocal();
  return server;
}

DynamoDbServer& DynamoDbServer::Moto() {
  static DynamoDbServer server;
  if (server.process_ == nullptr) server.StartMoto();
  return server;
}

void DynamoDbServer::StartLocal() {
  const std::string home = Servers() + "/dynamodb-local";
  for (int i = 0; i < kPortsTried; ++i) {
    const std::uint16_t port = FreePort();
    process_ = std::make_unique<ServerProcess>(
        std::vector<std::string>{"java", "-Djava.library.path=" + home + "/DynamoDBLocal_lib",
                                 "-Xmx1g", "-jar", home + "/DynamoDBLocal.jar", "-inMemory",
                                 "-sharedDb", "-disableTelemetry", "-port", std::to_string(port)});
    if (process_->Listens(port)) {
      url_ = UrlOf(std::to_string(port));
      return;
    }
  }
  ADD_FAILURE() << "DynamoDB Local in " << home
                << " did not start: run tools/install-dynamodb-servers";
}

void DynamoDbServer::StartMoto() {
  const std::string python = Servers() + "/venv/bin/python";
  process_ = std::make_unique<ServerProcess>(std::vector<std::string>{python, ZAEL_SERVE_MOTO});
  const std::string port = process_->ReadLine();
  EXPECT_FALSE(port.empty()) << python << " did not start: run tools/install-dynamodb-servers";
  if (!port.empty()) url_ = UrlOf(port);
}

std::shared_ptr<DynamoClient> DynamoDbServer::Connect(std::shared_ptr<Clock> clock) {
  // One source of tokens for all clients: the server remembers those of earlier ones.
  static const auto random = std::make_shared<SeededRandom>(static_cast<std::uint64_t>(::getpid()));
  auto client = OpenTestClient(url_, std::move(clock), random);
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
