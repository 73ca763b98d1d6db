#include "open/open_served.h"

#include "aws/credentials.h"
#include "base/random.h"
#include "base/try.h"
#include "dynamo/dynamo_client.h"
#include "engine/directory.h"
#include "os/environment.h"
#include "os/random_seed.h"
#include "repository/version.h"

namespace zael::open {
namespace {

constexpr const char* kLocalRegion = "us-east-1";
constexpr const char* kLocalKey = "local";  // for endpoints that check none

dynamo::DynamoOptions ClientOptions(const std::string& url) {
  dynamo::DynamoOptions options;
  options.aws.region = kLocalRegion;
  options.aws.endpoint_url = url;
  options.variables = [](const char* name) { return os::Environment(name); };
  // The chain of an AWS client ends at the network; a process on this machine is not worth that.
  if (!os::Environment("AWS_ACCESS_KEY_ID").has_value()) {
    options.aws.credentials.emplace();
    options.aws.credentials->access_key_id = kLocalKey;
    options.aws.credentials->secret_access_key = kLocalKey;
  }
  options.clock = MakeSystemClock();
  options.random = std::make_shared<SeededRandom>(os::SystemRandomSeed());
  return options;
}

}  // namespace

Result<std::optional<Stores>> ServedStores(const std::string& directory) {
  const auto holder = engine::FindHolder(directory);
  if (!holder.ok() && holder.error().code() == ErrorCode::kNotFound) return std::optional<Stores>();
  if (!holder.ok()) return holder.error();
  if (!holder->has_value() || (*holder)->address.empty()) return std::optional<Stores>();
  ZAEL_ASSIGN(const auto client, dynamo::DynamoClient::Open(ClientOptions((*holder)->address)));
  return std::optional<Stores>(client->stores());
}

Result<std::shared_ptr<Repository>> OpenServed(const OpenOptions& options) {
  ZAEL_ASSIGN(std::optional<Stores> stores, ServedStores(options.data_dir));
  if (!stores.has_value()) return std::shared_ptr<Repository>();
  const std::shared_ptr<Clock> clock = options.clock ? options.clock : MakeSystemClock();
  if (options.create_if_missing) {
    ZAEL_TRY(repository::InitializeTable(
        *stores, {.name = options.name, .updated_by = options.principal}, *clock));
  }
  return Repository::Over(*std::move(stores), {.name = options.name,
                                               .clock = clock,
                                               .audit_retention = options.audit_retention,
                                               .principal = options.principal});
}

}  // namespace zael::open
