#include "aws/configuration.h"

#include <future>
#include <memory>
#include <utility>

#include "aws/partition.h"
#include "aws/providers/credential_chain.h"
#include "aws/providers/instance_metadata.h"
#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::aws {
namespace {

// The instance's own region; nothing where there is no instance. Waits for the answer.
std::optional<PlacedSetting> AskInstance(const InstanceSource& source, const Runtime& runtime) {
  using Answer = Result<std::string>;
  const auto metadata = std::make_shared<InstanceMetadata>(source, runtime);
  const auto told = std::make_shared<std::promise<Answer>>();
  metadata->OpenSession([metadata, told](const Answer& token) {
    if (!token.ok()) return told->set_value(token.error());
    metadata->Read(*token, "/latest/meta-data/placement/region",
                   [told](Answer region) { told->set_value(std::move(region)); });
  });
  Answer region = told->get_future().get();
  if (!region.ok()) return std::nullopt;
  return PlacedSetting{*std::move(region), "the instance's metadata"};
}

Result<std::string> FindRegion(const ConfigurationOptions& options, const Settings& settings,
                               const Runtime& runtime) {
  auto found = settings.FindVariable("AWS_REGION");
  if (!found) found = settings.Find("AWS_DEFAULT_REGION", "region");
  if (!options.region.empty()) found = PlacedSetting{options.region, "the region given"};
  if (!found) {
    ZAEL_ASSIGN(const auto instance, FindInstanceSource(settings));
    if (instance) found = AskInstance(*instance, runtime);
  }
  if (!found) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("find region: set AWS_REGION, or `region` in profile {}",
                        Shorten(settings.profile())));
  }
  if (IsRegionName(found->value)) return found->value;
  return Error(ErrorCode::kInvalidArgument,
               Format("read {}: {} is not a region's name", found->place, Shorten(found->value)));
}

}  // namespace

Result<Configuration> Configuration::Load(const ConfigurationOptions& options, Variables variables,
                                          const Runtime& runtime) {
  ZAEL_ASSIGN(Settings settings, Settings::Load(std::move(variables), options.profile));
  Configuration configuration(std::move(settings));
  ZAEL_ASSIGN(configuration.region_, FindRegion(options, configuration.settings_, runtime));
  configuration.endpoint_url_ = options.endpoint_url;
  if (options.credentials) {
    ZAEL_TRY(CheckCredentials(*options.credentials, "the credentials given"));
    configuration.credentials_ = std::make_shared<StaticCredentials>(*options.credentials);
    return configuration;
  }
  ZAEL_ASSIGN(configuration.credentials_,
              SelectCredentials(configuration.settings_, configuration.region_, runtime,
                                options.last_resort));
  return configuration;
}

Result<ServiceEndpoint> Configuration::EndpointOf(Service service) const {
  ZAEL_ASSIGN(EndpointOptions options, FindEndpointOptions(service, settings_));
  options.region = region_;
  if (!endpoint_url_.empty()) options.url = PlacedSetting{endpoint_url_, "the endpoint given"};
  return ResolveEndpoint(service, options);
}

std::optional<PlacedSetting> Configuration::max_attempts() const {
  return settings_.Find("AWS_MAX_ATTEMPTS", "max_attempts");
}

std::optional<PlacedSetting> Configuration::retry_mode() const {
  return settings_.Find("AWS_RETRY_MODE", "retry_mode");
}

}  // namespace zael::aws
