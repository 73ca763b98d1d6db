#include "tests/integration/dynamodb/test_client.h"

#include <optional>
#include <utility>

namespace zael::dynamo {
namespace {

std::optional<std::string> NoVariables(const char*) { return std::nullopt; }

}  // namespace

Result<std::shared_ptr<DynamoClient>> OpenTestClient(const std::string& url,
                                                     std::shared_ptr<Clock> clock,
                                                     std::shared_ptr<RandomSource> random,
                                                     const RetryOptions& retry) {
  return DynamoClient::Open(
      {.aws = {.profile = "",
               .region = "us-east-1",
               .endpoint_url = url,
               .credentials = aws::Credentials{.access_key_id = "test", .secret_access_key = "x"}},
       .variables = &NoVariables,
       .retry = retry,
       .clock = std::move(clock),
       .random = std::move(random)});
}

}  // namespace zael::dynamo
