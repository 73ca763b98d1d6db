// ServiceEndpoint: where the requests of one AWS service go, and for which region they are signed.
//
// A configured endpoint is taken as it is. Else the host follows from the service, the region's
// partition and the FIPS and dual-stack switches, as in the rule sets that AWS publishes; a table
// of botocore's answers holds us to them. DynamoDB's host can name the account: which one is known
// only when the credentials are there, so At is asked for each request. Design:
// dynamodb-api.md 3.4.
#pragma once

#include <zael/result.h>

#include <optional>
#include <string>
#include <string_view>

#include "aws/settings.h"
#include "aws/transport.h"

namespace zael::aws {

enum class Service {
  kDynamoDb,
  kDynamoDbStreams,
  kSts,
  kCloudFormation,
  kLambda,
  kBackup,
  kScheduler,
};

// Whether DynamoDB's host names the account: where it is known, never, or always.
enum class AccountIdMode { kPreferred, kDisabled, kRequired };

// Thread-compatible: immutable once made.
struct ServiceEndpoint {
  Endpoint endpoint;
  std::string path;            // before each request's own; empty, or begins with /
  std::string signing_region;  // for Signer::Sign
  std::string signing_name;    // the service's name there: `dynamodb`, for streams too

  AccountIdMode account_id_mode = AccountIdMode::kDisabled;
  std::string account_host_suffix;  // `.ddb.eu-west-1.amazonaws.com`; used unless disabled

  // Where to connect with these credentials' account; empty: not known.
  // Errors: kInvalidArgument when the mode requires an account id and none is known.
  Result<Endpoint> At(std::string_view account_id) const;
};

struct EndpointOptions {
  std::string region;
  bool fips = false;
  bool dual_stack = false;
  AccountIdMode account_id_mode = AccountIdMode::kPreferred;
  std::optional<PlacedSetting> url;  // configured; goes before all rules
};

// Errors: kInvalidArgument (region or URL are no such thing; FIPS or dual stack with a URL), naming
// the place.
Result<ServiceEndpoint> ResolveEndpoint(Service service, const EndpointOptions& options);

// What the variables and the profile say about this service: AWS_ENDPOINT_URL_<SERVICE>,
// AWS_ENDPOINT_URL, the profile's `services` section, its endpoint_url, in this order, unless
// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS; AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT,
// AWS_ACCOUNT_ID_ENDPOINT_MODE. Leaves the region empty.
// Errors: kInvalidArgument naming the place.
Result<EndpointOptions> FindEndpointOptions(Service service, const Settings& settings);

}  // namespace zael::aws
