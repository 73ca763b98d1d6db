#include "aws/service_endpoint.h"

#include <algorithm>
#include <utility>

#include "aws/ascii.h"
#include "aws/endpoint_url.h"
#include "aws/partition.h"
#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::aws {
namespace {

constexpr std::size_t kAccountIdDigits = 12;

// dynamodb-local and its like: any region, on the usual port.
constexpr std::string_view kLocalRegion = "local";
constexpr std::string_view kLocalUrl = "http://localhost:8000";
constexpr std::string_view kLocalSigningRegion = "us-east-1";

struct ServiceNames {
  const char* url_variable;
  std::string_view section_key;  // in the profile's services section
  std::string_view signing_name;
  std::string_view host;
  bool plain_fips_in_gov;  // in us-gov the usual host is the FIPS one
};

ServiceNames NamesOf(Service service) {
  switch (service) {
    case Service::kDynamoDb:
      return {"AWS_ENDPOINT_URL_DYNAMODB", "dynamodb", "dynamodb", "dynamodb", true};
    case Service::kDynamoDbStreams:
      return {"AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "dynamodb_streams", "dynamodb",
              "streams.dynamodb", true};
    case Service::kSts:
      return {"AWS_ENDPOINT_URL_STS", "sts", "sts", "sts", true};
    case Service::kCloudFormation:
      return {"AWS_ENDPOINT_URL_CLOUDFORMATION", "cloudformation", "cloudformation",
              "cloudformation", true};
    case Service::kLambda:
      return {"AWS_ENDPOINT_URL_LAMBDA", "lambda", "lambda", "lambda", false};
    case Service::kBackup:
      return {"AWS_ENDPOINT_URL_BACKUP", "backup", "backup", "backup", false};
    case Service::kScheduler:
      break;
  }
  return {"AWS_ENDPOINT_URL_SCHEDULER", "scheduler", "scheduler", "scheduler", false};
}

// Streams have a name of their own where both IP versions are spoken, in the public partitions.
std::string_view HostPrefix(Service service, bool dual_stack, std::string_view partition) {
  const bool is_public = partition == "aws" || partition == "aws-cn" || partition == "aws-us-gov";
  if (service == Service::kDynamoDbStreams && dual_stack && is_public) return "streams-dynamodb";
  return NamesOf(service).host;
}

std::string HostOf(Service service, const EndpointOptions& options) {
  const Partition& partition = PartitionOf(options.region);
  const bool plain_fips =
      !options.dual_stack && partition.name == "aws-us-gov" && NamesOf(service).plain_fips_in_gov;
  return Format("{}{}.{}.{}", HostPrefix(service, options.dual_stack, partition.name),
                options.fips && !plain_fips ? "-fips" : "", options.region,
                options.dual_stack ? partition.dual_stack_suffix : partition.suffix);
}

bool IsAccountId(std::string_view text) {
  return text.size() == kAccountIdDigits && std::all_of(text.begin(), text.end(), IsDigit);
}

Status CheckRegion(const std::string& region) {
  if (region.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 "find region: set AWS_REGION, or `region` in the profile");
  }
  if (IsRegionName(region)) return {};
  return Error(ErrorCode::kInvalidArgument,
               Format("read region: {} is not a region's name", Shorten(region)));
}

Result<ServiceEndpoint> ConfiguredEndpoint(const PlacedSetting& url, ServiceEndpoint endpoint) {
  Result<EndpointUrl> parsed = ParseEndpointUrl(url.value);
  if (!parsed.ok()) {
    return Error(parsed.error().code(), Format("{}: {}", url.place, parsed.error().message()));
  }
  endpoint.endpoint = std::move(parsed->endpoint);
  endpoint.path = std::move(parsed->path);
  return endpoint;
}

Status NameAccount(const EndpointOptions& options, ServiceEndpoint* endpoint) {
  const Partition& partition = PartitionOf(options.region);
  if (options.fips || partition.name != "aws") {
    if (options.account_id_mode != AccountIdMode::kRequired) return {};
    return Error(
        ErrorCode::kInvalidArgument,
        Format("find endpoint: account ids are required in its name, and there are none {}",
               options.fips ? "with FIPS" : "in this partition"));
  }
  endpoint->account_id_mode = options.account_id_mode;
  endpoint->account_host_suffix =
      Format(".ddb.{}.{}", options.region,
             options.dual_stack ? partition.dual_stack_suffix : partition.suffix);
  return {};
}

Result<AccountIdMode> FindAccountIdMode(const Settings& settings) {
  const auto found = settings.Find("AWS_ACCOUNT_ID_ENDPOINT_MODE", "account_id_endpoint_mode");
  const std::string word = found ? ToLower(found->value) : "preferred";
  if (word == "preferred") return AccountIdMode::kPreferred;
  if (word == "disabled") return AccountIdMode::kDisabled;
  if (word == "required") return AccountIdMode::kRequired;
  return Error(ErrorCode::kInvalidArgument,
               Format("read {}: {} is none of preferred, disabled, required", found->place,
                      Shorten(found->value)));
}

Result<std::optional<PlacedSetting>> FindUrl(Service service, const Settings& settings) {
  ZAEL_ASSIGN(const bool ignored, settings.FindBool("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                                                    "ignore_configured_endpoint_urls"));
  std::optional<PlacedSetting> url;
  if (ignored) return url;
  const ServiceNames names = NamesOf(service);
  if ((url = settings.FindVariable(names.url_variable))) return url;
  if ((url = settings.FindVariable("AWS_ENDPOINT_URL"))) return url;
  const Profiles& profiles = settings.profiles();
  if (const auto section = profiles.Find(settings.profile(), "services")) {
    if (!profiles.HasServices(section->value)) {
      return Error(ErrorCode::kInvalidArgument, Format("read {}: there is no section [services {}]",
                                                       section->place, section->value));
    }
    url = profiles.FindOfService(section->value, names.section_key, "endpoint_url");
    if (url) return url;
  }
  return profiles.Find(settings.profile(), "endpoint_url");
}

}  // namespace

Result<Endpoint> ServiceEndpoint::At(std::string_view account_id) const {
  if (account_id_mode == AccountIdMode::kDisabled) return endpoint;
  if (IsAccountId(account_id)) {
    Endpoint own = endpoint;
    own.host = std::string(account_id) + account_host_suffix;
    return own;
  }
  if (account_id_mode == AccountIdMode::kPreferred) return endpoint;
  return Error(ErrorCode::kInvalidArgument,
               "find endpoint: AWS_ACCOUNT_ID_ENDPOINT_MODE is required, and the credentials say "
               "no account id");
}

Result<ServiceEndpoint> ResolveEndpoint(Service service, const EndpointOptions& options) {
  ZAEL_TRY(CheckRegion(options.region));
  ServiceEndpoint endpoint;
  endpoint.signing_name = NamesOf(service).signing_name;
  endpoint.signing_region = options.region;
  const bool is_local = !options.url && options.region == kLocalRegion;
  if (options.region == kLocalRegion) endpoint.signing_region = kLocalSigningRegion;
  if (is_local || options.url) {
    if (options.fips || options.dual_stack) {
      return Error(ErrorCode::kInvalidArgument,
                   Format("find endpoint: {} cannot go with a configured endpoint",
                          options.fips ? "FIPS" : "dual stack"));
    }
    return ConfiguredEndpoint(
        options.url.value_or(PlacedSetting{std::string(kLocalUrl), "region local"}),
        std::move(endpoint));
  }
  endpoint.endpoint.host = HostOf(service, options);
  if (service == Service::kDynamoDb) ZAEL_TRY(NameAccount(options, &endpoint));
  return endpoint;
}

Result<EndpointOptions> FindEndpointOptions(Service service, const Settings& settings) {
  EndpointOptions options;
  ZAEL_ASSIGN(options.fips, settings.FindBool("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"));
  ZAEL_ASSIGN(options.dual_stack,
              settings.FindBool("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"));
  ZAEL_ASSIGN(options.account_id_mode, FindAccountIdMode(settings));
  ZAEL_ASSIGN(options.url, FindUrl(service, settings));
  return options;
}

}  // namespace zael::aws
