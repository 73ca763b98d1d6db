#include "aws/service_endpoint.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "surroundings.h"

namespace zael::aws {
namespace {

constexpr const char* kAccount = "123456789012";

std::string Url(const Result<Endpoint>& endpoint) {
  if (!endpoint.ok()) return endpoint.error().message();
  std::string url = (endpoint->tls ? "https://" : "http://") + endpoint->host;
  if (endpoint->port != (endpoint->tls ? 443 : 80)) url += ":" + std::to_string(endpoint->port);
  return url;
}

std::string Url(const Result<ServiceEndpoint>& endpoint, std::string_view account_id = "") {
  if (!endpoint.ok()) return endpoint.error().message();
  const auto at = endpoint->At(account_id);
  return at.ok() ? Url(at) + endpoint->path : at.error().message();
}

std::string Configured(const Surroundings& surroundings, Service service) {
  const auto settings = Settings::Load(surroundings.variables(), "");
  if (!settings.ok()) return settings.error().message();
  auto options = FindEndpointOptions(service, *settings);
  if (!options.ok()) return options.error().message();
  options->region = "eu-west-1";
  return Url(ResolveEndpoint(service, *options));
}

TEST(ServiceEndpoint, IsWhereBotocoreSends) {
  const std::map<std::string, Service> services = {{"dynamodb", Service::kDynamoDb},
                                                   {"dynamodbstreams", Service::kDynamoDbStreams},
                                                   {"sts", Service::kSts},
                                                   {"cloudformation", Service::kCloudFormation},
                                                   {"lambda", Service::kLambda},
                                                   {"backup", Service::kBackup},
                                                   {"scheduler", Service::kScheduler}};
  std::ifstream file(ZAEL_ENDPOINT_VECTORS);
  int checked = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.front() == '#') continue;
    std::istringstream fields(line);
    std::string service, account, url;
    EndpointOptions options;
    fields >> service >> options.region >> options.fips >> options.dual_stack >> account >> url;
    if (account == "-") account.clear();
    EXPECT_EQ(Url(ResolveEndpoint(services.at(service), options), account), url) << line;
    ++checked;
  }
  EXPECT_GT(checked, 300);
}

TEST(ServiceEndpoint, SignsForItsRegionAndService) {
  const auto streams = ResolveEndpoint(Service::kDynamoDbStreams, {.region = "eu-west-1"});
  EXPECT_EQ(streams->signing_region, "eu-west-1");
  EXPECT_EQ(streams->signing_name, "dynamodb");
  EXPECT_EQ(ResolveEndpoint(Service::kSts, {.region = "eu-west-1"})->signing_name, "sts");
}

TEST(ServiceEndpoint, TheAccountIsNamedAsTheModeSays) {
  EndpointOptions options{.region = "eu-west-1"};
  EXPECT_EQ(Url(ResolveEndpoint(Service::kDynamoDb, options), "not an account"),
            "https://dynamodb.eu-west-1.amazonaws.com");
  options.account_id_mode = AccountIdMode::kDisabled;
  EXPECT_EQ(Url(ResolveEndpoint(Service::kDynamoDb, options), kAccount),
            "https://dynamodb.eu-west-1.amazonaws.com");
  options.account_id_mode = AccountIdMode::kRequired;
  EXPECT_EQ(Url(ResolveEndpoint(Service::kDynamoDb, options), kAccount),
            "https://123456789012.ddb.eu-west-1.amazonaws.com");
  EXPECT_EQ(Url(ResolveEndpoint(Service::kDynamoDb, options)),
            "find endpoint: AWS_ACCOUNT_ID_ENDPOINT_MODE is required, and the credentials say no "
            "account id");
  EXPECT_EQ(Url(ResolveEndpoint(Service::kSts, options)), "https://sts.eu-west-1.amazonaws.com");
  options.fips = true;
  EXPECT_EQ(Url(ResolveEndpoint(Service::kDynamoDb, options), kAccount),
            "find endpoint: account ids are required in its name, and there are none with FIPS");
  options.fips = false;
  options.region = "cn-north-1";
  EXPECT_EQ(Url(ResolveEndpoint(Service::kDynamoDb, options), kAccount),
            "find endpoint: account ids are required in its name, and there are none in this "
            "partition");
}

TEST(ServiceEndpoint, AConfiguredOneIsTakenAsItIs) {
  EndpointOptions options{.region = "eu-west-1", .account_id_mode = AccountIdMode::kRequired};
  options.url = PlacedSetting{"http://localhost:8000/base/", "HERE"};
  const auto endpoint = ResolveEndpoint(Service::kDynamoDb, options);
  EXPECT_EQ(Url(endpoint, kAccount), "http://localhost:8000/base");
  EXPECT_EQ(endpoint->signing_region, "eu-west-1");
  options.url->value = "localhost";
  EXPECT_EQ(Url(ResolveEndpoint(Service::kDynamoDb, options)),
            "HERE: read endpoint 'localhost': it does not begin with http:// or https://");
}

TEST(ServiceEndpoint, FipsAndDualStackDoNotGoWithAConfiguredOne) {
  EndpointOptions options{.region = "eu-west-1", .fips = true};
  options.url = PlacedSetting{"http://localhost:8000", "HERE"};
  EXPECT_EQ(Url(ResolveEndpoint(Service::kDynamoDb, options)),
            "find endpoint: FIPS cannot go with a configured endpoint");
  options.fips = false;
  options.dual_stack = true;
  EXPECT_EQ(Url(ResolveEndpoint(Service::kDynamoDb, options)),
            "find endpoint: dual stack cannot go with a configured endpoint");
}

TEST(ServiceEndpoint, TheRegionLocalIsThisHost) {
  const auto endpoint = ResolveEndpoint(Service::kDynamoDb, {.region = "local"});
  EXPECT_EQ(Url(endpoint, kAccount), "http://localhost:8000");
  EXPECT_EQ(endpoint->signing_region, "us-east-1");
}

TEST(ServiceEndpoint, ARegionThatIsNoNameIsRefused) {
  EXPECT_EQ(Url(ResolveEndpoint(Service::kDynamoDb, {.region = "evil.com/"})),
            "read region: 'evil.com/' is not a region's name");
  EXPECT_FALSE(ResolveEndpoint(Service::kDynamoDb, {}).ok());
}

TEST(EndpointOptions, TheMostParticularUrlWins) {
  Surroundings surroundings;
  surroundings.Config("[default]\nregion = eu-west-1\nendpoint_url = http://profile\n");
  EXPECT_EQ(Configured(surroundings, Service::kDynamoDb), "http://profile");
  surroundings.Config(
      "[default]\nendpoint_url = http://profile\nservices = s\n[services s]\ndynamodb =\n"
      "  endpoint_url = http://service\ndynamodb_streams =\n  endpoint_url = http://streams\n");
  EXPECT_EQ(Configured(surroundings, Service::kDynamoDb), "http://service");
  EXPECT_EQ(Configured(surroundings, Service::kDynamoDbStreams), "http://streams");
  EXPECT_EQ(Configured(surroundings, Service::kSts), "http://profile");
  surroundings.Set("AWS_ENDPOINT_URL", "http://all");
  EXPECT_EQ(Configured(surroundings, Service::kDynamoDb), "http://all");
  surroundings.Set("AWS_ENDPOINT_URL_DYNAMODB", "http://one");
  EXPECT_EQ(Configured(surroundings, Service::kDynamoDb), "http://one");
  EXPECT_EQ(Configured(surroundings, Service::kDynamoDbStreams), "http://all");
  surroundings.Set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
  EXPECT_EQ(Configured(surroundings, Service::kDynamoDb),
            "https://dynamodb.eu-west-1.amazonaws.com");
}

TEST(EndpointOptions, EachServiceHasItsVariable) {
  const std::map<std::string, Service> services = {{"DYNAMODB", Service::kDynamoDb},
                                                   {"DYNAMODB_STREAMS", Service::kDynamoDbStreams},
                                                   {"STS", Service::kSts},
                                                   {"CLOUDFORMATION", Service::kCloudFormation},
                                                   {"LAMBDA", Service::kLambda},
                                                   {"BACKUP", Service::kBackup},
                                                   {"SCHEDULER", Service::kScheduler}};
  Surroundings surroundings;
  for (const auto& [name, service] : services) {
    surroundings.Set("AWS_ENDPOINT_URL_" + name, "http://" + name);
  }
  for (const auto& [name, service] : services) {
    EXPECT_EQ(Configured(surroundings, service), "http://" + name);
  }
}

TEST(EndpointOptions, AFaultNamesItsPlace) {
  Surroundings surroundings;
  surroundings.Config("[default]\nservices = gone\n");
  EXPECT_EQ(Configured(surroundings, Service::kDynamoDb),
            "read " + surroundings.config_path() + ": line 2: there is no section [services gone]");
  surroundings.Set("AWS_ENDPOINT_URL_DYNAMODB", "ftp://x");
  EXPECT_EQ(Configured(surroundings, Service::kDynamoDb),
            "AWS_ENDPOINT_URL_DYNAMODB: read endpoint 'ftp://x': it does not begin with http:// "
            "or https://");
  surroundings.Set("AWS_ACCOUNT_ID_ENDPOINT_MODE", "always");
  EXPECT_EQ(Configured(surroundings, Service::kDynamoDb),
            "read AWS_ACCOUNT_ID_ENDPOINT_MODE: 'always' is none of preferred, disabled, required");
}

TEST(EndpointOptions, SwitchesAreRead) {
  Surroundings surroundings;
  surroundings.Set("AWS_USE_FIPS_ENDPOINT", "true");
  EXPECT_EQ(Configured(surroundings, Service::kDynamoDb),
            "https://dynamodb-fips.eu-west-1.amazonaws.com");
  surroundings.Config("[default]\nuse_dualstack_endpoint = true\n");
  EXPECT_EQ(Configured(surroundings, Service::kDynamoDb),
            "https://dynamodb-fips.eu-west-1.api.aws");
}

}  // namespace
}  // namespace zael::aws
