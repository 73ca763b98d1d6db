// DynamoDbServer: a server of DynamoDB's protocol for tests to talk to, started with the first test
// that asks and ended with the test program.
//
// tools/install-dynamodb-servers installs both: Amazon's DynamoDB Local, which answers as DynamoDB
// does, and moto's server, which knows parts of AWS that DynamoDB Local leaves out.
#pragma once

#include <zael/store.h>

#include <memory>
#include <string>
#include <string_view>

#include "dynamo/dynamo_client.h"
#include "tests/integration/dynamodb/server_process.h"

namespace zael::dynamo {

class DynamoDbServer {
 public:
  // Fails the test, and answers a server without URL, when it cannot be started.
  static DynamoDbServer& Local();
  static DynamoDbServer& Moto();

  DynamoDbServer(const DynamoDbServer&) = delete;
  DynamoDbServer& operator=(const DynamoDbServer&) = delete;

  const std::string& url() const { return url_; }  // http://127.0.0.1:PORT

  // A client of it with keys that nobody checks; nullptr, and a failed test, when it cannot be
  // made.
  std::shared_ptr<DynamoClient> Connect(std::shared_ptr<Clock> clock);
  void DeleteAllTables();

 private:
  DynamoDbServer() = default;
  void StartLocal();
  void StartMoto();

  std::string url_;
  std::unique_ptr<ServerProcess> process_;
};

}  // namespace zael::dynamo
