#include "cli/replay/tenants.h"

#include <map>
#include <utility>

#include "base/format.h"
#include "base/random.h"
#include "base/try.h"

namespace zael::cli::replay {
namespace {

Status MarkCharges(Tenant& tenant, const Limits& limits) {
  std::string names;
  for (const Limit& limit : limits) {
    tenant.charges_calls |= limit.name == kCallsLimit;
    tenant.charges_tokens |= limit.name == kTokensLimit;
    names += (names.empty() ? "" : ", ") + limit.name;
  }
  if (tenant.charges_calls || tenant.charges_tokens) return {};
  return Error(ErrorCode::kInvalidArgument,
               Format("replay for {} on {}: its limits are {}, and a call is charged on `{}` and "
                      "`{}`",
                      tenant.entity, tenant.resource, names.empty() ? "none" : names, kCallsLimit,
                      kTokensLimit));
}

}  // namespace

Tenants AssignTenants(const Trace& trace, const TenantOptions& options) {
  Tenants tenants;
  tenants.of_call.reserve(trace.calls.size());
  std::map<std::pair<std::int64_t, std::int32_t>, std::uint32_t> indexes;
  for (std::size_t i = 0; i < trace.calls.size(); ++i) {
    const TraceCall& call = trace.calls[i];
    std::uint64_t position = i;
    const std::int64_t who =
        call.entity >= 0 ? call.entity
                         : static_cast<std::int64_t>(SplitMix64(position) %
                                                     static_cast<std::uint64_t>(options.entities));
    const auto [found, inserted] = indexes.emplace(std::pair(who, call.resource),
                                                   static_cast<std::uint32_t>(tenants.list.size()));
    if (inserted) {
      Tenant tenant;
      tenant.entity = call.entity >= 0 ? trace.names[static_cast<std::size_t>(call.entity)]
                                       : Format("{}{}", options.entity_prefix, who + 1);
      tenant.resource = call.resource >= 0 ? trace.names[static_cast<std::size_t>(call.resource)]
                                           : options.resource;
      tenants.list.push_back(std::move(tenant));
    }
    tenants.of_call.push_back(found->second);
  }
  return tenants;
}

Status ResolveCharges(Tenants& tenants, const Limits& override_limits,
                      Configuration& configuration) {
  for (Tenant& tenant : tenants.list) {
    if (!override_limits.empty()) {
      ZAEL_TRY(MarkCharges(tenant, override_limits));
      continue;
    }
    ZAEL_ASSIGN(const std::vector<ConfigExplanation> levels,
                configuration.Explain(tenant.entity, tenant.resource));
    Limits limits;
    for (const ConfigExplanation& level : levels) {
      if (level.wins) limits = level.limits;
    }
    ZAEL_TRY(MarkCharges(tenant, limits));
  }
  return {};
}

}  // namespace zael::cli::replay
