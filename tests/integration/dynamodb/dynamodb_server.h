// DynamoDbServer: a server of DynamoDB's protocol for tests to talk to, started with the first test
// that asks and ended by its process id with the test program.
//
// It is moto's, which tools/install-dynamodb-server installs; or the one that runs at
// ZAEL_TEST_DYNAMODB_URL (Amazon's DynamoDB Local, say), which must be on this machine and loses
// all its tables.
#pragma once

#include <sys/types.h>
#include <zael/store.h>

#include <memory>
#include <string>

#include "dynamo/dynamo_client.h"

namespace zael::dynamo {

class DynamoDbServer {
 public:
  // Fails the test, and answers a server without URL, when there is none.
  static DynamoDbServer& Shared();

  ~DynamoDbServer();
  DynamoDbServer(const DynamoDbServer&) = delete;
  DynamoDbServer& operator=(const DynamoDbServer&) = delete;

  const std::string& url() const { return url_; }  // http://127.0.0.1:PORT
  bool is_moto() const { return pid_ > 0; }

  // A client of it with keys that nobody checks; nullptr, and a failed test, when it cannot be
  // made.
  std::shared_ptr<DynamoClient> Connect(std::shared_ptr<Clock> clock);
  void DeleteAllTables();

 private:
  DynamoDbServer();
  void StartMoto();

  std::string url_;
  pid_t pid_ = -1;
};

}  // namespace zael::dynamo
