// DynamoClient: DynamoDB, or whatever speaks its protocol, as the stores of the limiter.
//
// Owns the connections, the credentials and the state that all its requests share. Blocking calls
// must not be made inside an answer of its asynchronous ones. Design: storage.md.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>
#include <zael/store.h>

#include <chrono>
#include <memory>
#include <string>

#include "aws/configuration.h"
#include "aws/http_transport.h"
#include "dynamo/change_client.h"
#include "dynamo/item_client.h"
#include "dynamo/request_runner.h"
#include "dynamo/retry.h"
#include "dynamo/table_client.h"
#include "dynamo/table_schemas.h"

namespace zael::dynamo {

struct DynamoOptions {
  aws::ConfigurationOptions aws;  // what is given in code; the rest is found as by every AWS client
  aws::Variables variables;       // the environment
  RetryOptions retry;
  aws::HttpTransportOptions transport;
  std::chrono::nanoseconds table_patience = std::chrono::minutes(10);
  std::shared_ptr<Clock> clock;          // required
  std::shared_ptr<RandomSource> random;  // required
};

// Thread-safe.
class DynamoClient : public std::enable_shared_from_this<DynamoClient> {
 public:
  // Reads the AWS configuration; connects with the first request. Errors: kInvalidArgument (a
  // setting), kPermissionDenied (no credentials, no such profile), kUnavailable.
  static Result<std::shared_ptr<DynamoClient>> Open(const DynamoOptions& options);

  // Over seams of the caller's: tests, simulation.
  static std::shared_ptr<DynamoClient> Over(ServiceAddress address, const RetryOptions& retry,
                                            std::chrono::nanoseconds table_patience,
                                            RunnerSeams seams);

  // Each keeps the client alive.
  Stores stores();

  // `https://dynamodb.eu-west-1.amazonaws.com`
  std::string endpoint_text() const;

 private:
  DynamoClient(ServiceAddress address, const RetryOptions& retry,
               std::chrono::nanoseconds table_patience, RunnerSeams seams);

  const ServiceAddress address_;
  const std::shared_ptr<aws::Transport> transport_;  // outlives the credentials, which use it
  TableSchemas schemas_;
  RequestRunner runner_;
  ItemClient items_;
  TableClient tables_;
  ChangeClient changes_;
};

}  // namespace zael::dynamo
