// Configuration: credentials, region and endpoints, found where every AWS client looks for them.
//
// The one place where a client of an AWS service gets them:
//   auto configuration = Configuration::Load({}, os::Environment, runtime);
//   configuration->credentials()->Get(...);                          before each attempt
//   configuration->EndpointOf(Service::kDynamoDb)->At(account_id);   where to send
// What is given in code goes before variables, these before the profile. Order, variables and
// errors: docs/credentials.md.
#pragma once

#include <zael/result.h>

#include <memory>
#include <optional>
#include <string>

#include "aws/credentials.h"
#include "aws/profiles.h"
#include "aws/runtime.h"
#include "aws/service_endpoint.h"
#include "aws/settings.h"

namespace zael::aws {

// Given in code; what is empty or absent is looked for.
struct ConfigurationOptions {
  std::string profile;
  std::string region;
  std::string endpoint_url;  // of every service asked for
  std::optional<Credentials> credentials;
  // Where no place of this machine names any, instead of asking the instance.
  std::optional<Credentials> last_resort;
};

// Thread-compatible: immutable once loaded; what credentials() answers is thread-safe.
class Configuration {
 public:
  // Reads the shared files. The network is asked only for a region that is set nowhere: of the
  // instance, for a second at most; credentials are asked for when the provider is.
  // Requires: not on the transport's thread.
  // Errors: kInvalidArgument (a setting is wrong, no region is set), kNotFound (a profile that
  // does not exist, no credentials anywhere), kPermissionDenied, kUnavailable (a file cannot be
  // read); each names the variable, or file and line.
  static Result<Configuration> Load(const ConfigurationOptions& options, Variables variables,
                                    const Runtime& runtime);

  const std::string& region() const { return region_; }

  // Never null; keeps and refreshes what it got. Outlives the Configuration where it is held, never
  // the Runtime.
  const std::shared_ptr<CredentialsProvider>& credentials() const { return credentials_; }

  // Errors: kInvalidArgument naming the variable, or file and line.
  Result<ServiceEndpoint> EndpointOf(Service service) const;

  // AWS_MAX_ATTEMPTS and AWS_RETRY_MODE or the profile's max_attempts and retry_mode, unread;
  // dynamo/retry_settings.h reads them.
  std::optional<PlacedSetting> max_attempts() const;
  std::optional<PlacedSetting> retry_mode() const;

 private:
  explicit Configuration(Settings settings) : settings_(std::move(settings)) {}

  Settings settings_;
  std::string region_;
  std::string endpoint_url_;
  std::shared_ptr<CredentialsProvider> credentials_;
};

}  // namespace zael::aws
