// Tenants: who makes each call of a trace, on which resource, and what a call reserves there.
//
// A trace with an entity column names them itself; else calls are spread over api-key-1 … api-key-N
// by a hash of their position, so that every run and every thread count sees the same. Plain
// values.
#pragma once

#include <zael/config.h>
#include <zael/limit.h>
#include <zael/result.h>

#include <cstdint>
#include <string>
#include <vector>

#include "cli/replay/trace.h"

namespace zael::cli::replay {

// The limits a call is charged on, by convention of the field.
inline constexpr const char* kCallsLimit = "rpm";
inline constexpr const char* kTokensLimit = "tpm";

struct Tenant {
  std::string entity;
  std::string resource;
  bool charges_calls = false;
  bool charges_tokens = false;
};

struct Tenants {
  std::vector<Tenant> list;
  std::vector<std::uint32_t> of_call;  // index into list, one per call of the trace
};

struct TenantOptions {
  std::int64_t entities = 8;
  std::string entity_prefix = "api-key-";
  std::string resource = "gpt-4";
};

Tenants AssignTenants(const Trace& trace, const TenantOptions& options);

// Finds out which limits each tenant has: the override, else what the configuration resolves to.
// Errors: kInvalidArgument (a tenant without limits, or with neither rpm nor tpm), and the store's.
Status ResolveCharges(Tenants& tenants, const Limits& override_limits,
                      Configuration& configuration);

}  // namespace zael::cli::replay
