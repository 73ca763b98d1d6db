#include "open/open_stores.h"

#include <utility>

#include "aws/endpoint_url.h"
#include "base/random.h"
#include "base/try.h"
#include "dynamo/dynamo_client.h"
#include "open/open_engines.h"
#include "open/store_choice.h"
#include "os/environment.h"
#include "os/random_seed.h"

namespace zael::open {
namespace {

bool IsOnThisMachine(const std::string& endpoint_url) {
  const auto url = aws::ParseEndpointUrl(endpoint_url);
  return url.ok() && (url->endpoint.host == "localhost" || url->endpoint.host == "::1" ||
                      url->endpoint.host.starts_with("127."));
}

// A server on this machine checks no region and, unless told to, no keys; its user may have
// neither.
aws::ConfigurationOptions AwsOptions(const OpenOptions& options, const std::string& endpoint_url) {
  aws::ConfigurationOptions wanted;
  wanted.region = options.region;
  wanted.endpoint_url = options.endpoint_url;
  if (endpoint_url.empty() || !IsOnThisMachine(endpoint_url)) return wanted;
  const bool has_region = os::Environment("AWS_REGION") || os::Environment("AWS_DEFAULT_REGION");
  if (wanted.region.empty() && !has_region) wanted.region = "us-east-1";
  wanted.last_resort.emplace();
  wanted.last_resort->access_key_id = "local";
  wanted.last_resort->secret_access_key = "local";
  return wanted;
}

Result<Stores> OpenDynamo(const OpenOptions& options, const std::string& endpoint_url) {
  dynamo::DynamoOptions wanted;
  wanted.aws = AwsOptions(options, endpoint_url);
  wanted.variables = &os::Environment;
  wanted.retry.call_timeout = options.store_timeout;
  wanted.clock = options.clock ? options.clock : MakeSystemClock();
  wanted.random = std::make_shared<SeededRandom>(os::SystemRandomSeed());
  ZAEL_ASSIGN(const auto client, dynamo::DynamoClient::Open(wanted));
  return client->stores();
}

Result<Stores> OpenEmbedded(const OpenOptions& options) {
  std::string directory = options.data_dir;
  if (directory.empty()) {
    ZAEL_ASSIGN(directory, os::DefaultDataDirectory());
  }
  // The engine waits and sweeps by the system's time even when the limiter lives in a trace's.
  return SharedEngine({.directory = directory,
                       .create = options.create_if_missing,
                       .durability = options.durability,
                       .lock_timeout = options.lock_timeout,
                       .clock = nullptr,
                       .file_system = nullptr});
}

}  // namespace

Result<Stores> OpenStores(const OpenOptions& options) {
  ZAEL_ASSIGN(const StoreChoice choice, ChooseStore({.store = options.store,
                                                     .region = options.region,
                                                     .endpoint_url = options.endpoint_url,
                                                     .data_dir = options.data_dir},
                                                    &os::Environment));
  return choice.kind == StoreKind::kDynamo ? OpenDynamo(options, choice.endpoint_url)
                                           : OpenEmbedded(options);
}

}  // namespace zael::open
