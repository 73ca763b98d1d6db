#include "open/store_choice.h"

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::open {
namespace {

constexpr std::string_view kEmbedded = "embedded";
constexpr std::string_view kAws = "aws";

std::string ValueOf(const Variables& variables, const char* name) {
  return variables(name).value_or("");
}

Status CheckStore(std::string_view origin, const std::string& store) {
  if (store.empty() || store == kEmbedded || store == kAws) return {};
  return Error(
      ErrorCode::kInvalidArgument,
      Format("choose store: {} {} is neither `embedded` nor `aws`", origin, Shorten(store)));
}

// The variable that names DynamoDB's address, and its value; empty when there is none.
std::pair<std::string, std::string> ConfiguredEndpoint(const Variables& variables) {
  if (ValueOf(variables, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == "true") return {};
  for (const char* name : {"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"}) {
    if (std::string url = ValueOf(variables, name); !url.empty()) return {name, std::move(url)};
  }
  return {};
}

}  // namespace

Result<StoreChoice> ChooseStore(const StoreWish& wish, const Variables& variables) {
  ZAEL_TRY(CheckStore("--store", wish.store));
  const std::string given = !wish.endpoint_url.empty() ? "--endpoint-url"
                            : !wish.region.empty()     ? "--region"
                                                       : "";
  if (wish.store == kEmbedded && !given.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("choose store: --store embedded and {} exclude each other", given));
  }
  if (wish.store == kEmbedded) return StoreChoice{.because = "--store embedded"};
  const auto [variable, configured] = ConfiguredEndpoint(variables);
  StoreChoice dynamo{.kind = StoreKind::kDynamo,
                     .endpoint_url = wish.endpoint_url.empty() ? configured : wish.endpoint_url};
  dynamo.because = !given.empty() ? given : wish.store == kAws ? "--store aws" : "";
  if (!dynamo.because.empty()) return dynamo;
  if (!wish.data_dir.empty()) return StoreChoice{.because = "--data-dir"};
  const std::string store = ValueOf(variables, "ZAEL_STORE");
  ZAEL_TRY(CheckStore("ZAEL_STORE", store));
  if (store == kEmbedded) return StoreChoice{.because = "ZAEL_STORE embedded"};
  dynamo.because = store == kAws ? "ZAEL_STORE aws" : variable;
  if (!dynamo.because.empty()) return dynamo;
  return StoreChoice{};
}

}  // namespace zael::open
