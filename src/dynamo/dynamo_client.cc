#include "dynamo/dynamo_client.h"

#include <utility>

#include "aws/sigv4.h"
#include "base/format.h"
#include "base/try.h"
#include "dynamo/retry_settings.h"

namespace zael::dynamo {
namespace {

// kNotFound would mean the table.
Error NoAccess(const Error& error) {
  if (error.code() != ErrorCode::kNotFound) return error;
  return {ErrorCode::kPermissionDenied, error.message()};
}

}  // namespace

Result<std::shared_ptr<DynamoClient>> DynamoClient::Open(const DynamoOptions& options) {
  ZAEL_ASSIGN(std::shared_ptr<aws::HttpTransport> transport,
              aws::HttpTransport::Start(options.transport, options.clock));
  const auto configuration = aws::Configuration::Load(options.aws, options.variables,
                                                      {.transport = *transport,
                                                       .timer = *transport,
                                                       .clock = options.clock,
                                                       .random = options.random});
  if (!configuration.ok()) return NoAccess(configuration.error());
  ZAEL_ASSIGN(
      const RetryOptions retry,
      WithRetrySettings(options.retry, configuration->retry_mode(), configuration->max_attempts()));
  ServiceAddress address;
  ZAEL_ASSIGN(address.tables, configuration->EndpointOf(aws::Service::kDynamoDb));
  ZAEL_ASSIGN(address.streams, configuration->EndpointOf(aws::Service::kDynamoDbStreams));
  return Over(std::move(address), retry, options.table_patience,
              {.transport = transport,
               .timer = transport,
               .credentials = configuration->credentials(),
               .clock = options.clock,
               .random = options.random});
}

std::shared_ptr<DynamoClient> DynamoClient::Over(ServiceAddress address, const RetryOptions& retry,
                                                 std::chrono::nanoseconds table_patience,
                                                 RunnerSeams seams) {
  return std::shared_ptr<DynamoClient>(
      new DynamoClient(std::move(address), retry, table_patience, std::move(seams)));
}

DynamoClient::DynamoClient(ServiceAddress address, const RetryOptions& retry,
                           std::chrono::nanoseconds table_patience, RunnerSeams seams)
    : address_(std::move(address)),
      transport_(seams.transport),
      runner_(address_, retry, std::move(seams)),
      items_(runner_, schemas_),
      tables_(runner_, schemas_, table_patience),
      changes_(runner_, tables_) {}

Stores DynamoClient::stores() {
  const auto self = shared_from_this();
  return {.items = std::shared_ptr<ItemStore>(self, &items_),
          .tables = std::shared_ptr<TableAdmin>(self, &tables_),
          .changes = std::shared_ptr<ChangeFeed>(self, &changes_),
          .async_items = std::shared_ptr<AsyncItemStore>(self, &items_)};
}

std::string DynamoClient::endpoint_text() const {
  const aws::ServiceEndpoint& service = address_.tables;
  return Format("{}://{}{}", service.endpoint.tls ? "https" : "http",
                aws::HostHeader(service.endpoint), service.path);
}

}  // namespace zael::dynamo
