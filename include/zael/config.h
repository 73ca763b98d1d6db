// Configuration: which limits apply to whom, on four levels, and what happens when the store is
// away.
//
// For an entity and resource the first level that has limits wins and replaces the lower ones:
// entity + resource, entity `_default_`, resource defaults, system defaults; then the limits given
// in the call as fallback. Each Set replaces its level in one atomic step. Design: semantics.md,
// section 3.
#pragma once

#include <zael/limit.h>
#include <zael/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zael {

// The resource under which an entity's limits for every resource are kept.
inline constexpr std::string_view kDefaultResource = "_default_";

// The most limits one level may hold: a Set stays one transaction.
inline constexpr std::size_t kMaxLimitsPerLevel = 32;

// What acquire does when the store cannot be reached, is throttled or times out. Bad data, bad
// arguments and refused access are always errors.
enum class OnUnavailable {
  kBlock,  // answer kUnavailable
  kAllow,  // grant an empty lease marked degraded
};

enum class ConfigLevel {
  kEntityResource,
  kEntityDefault,
  kResource,
  kSystem,
  kFallback,
  kOverride
};

// "entity+resource", "entity default", "resource", "system", "fallback", "override".
std::string_view ConfigLevelName(ConfigLevel level);

struct SystemDefaults {
  Limits limits;
  std::optional<OnUnavailable>
      on_unavailable;  // absent: not stored, the limiter's own option decides
};

// One level that was looked at for an entity and resource, in order of precedence.
struct ConfigExplanation {
  ConfigLevel level;
  std::string key;  // where it is stored, for the operator
  Limits limits;
  bool wins = false;
};

// Thread-safe. Every change is audited in the same transaction and evicts cached configuration of
// this process. Every call validates its names. Errors of the setters: kInvalidArgument, kAborted
// (another administrator won every race), and the store's. Getters of an empty level answer an
// empty list.
class Configuration {
 public:
  virtual ~Configuration() = default;

  virtual Status SetSystemDefaults(const SystemDefaults& defaults) = 0;
  virtual Result<SystemDefaults> GetSystemDefaults() = 0;
  virtual Status DeleteSystemDefaults() = 0;  // kNotFound when there are none

  virtual Status SetResourceDefaults(std::string_view resource, const Limits& limits) = 0;
  virtual Result<Limits> GetResourceDefaults(std::string_view resource) = 0;
  virtual Status DeleteResourceDefaults(std::string_view resource) = 0;
  virtual Result<std::vector<std::string>> ListResourcesWithDefaults() = 0;

  // `resource` may be kDefaultResource. The entity needs no record.
  virtual Status SetLimits(std::string_view entity_id, std::string_view resource,
                           const Limits& limits) = 0;
  virtual Result<Limits> GetLimits(std::string_view entity_id, std::string_view resource) = 0;
  virtual Status DeleteLimits(std::string_view entity_id, std::string_view resource) = 0;

  // All four stored levels for the entity and resource, always read from the store.
  virtual Result<std::vector<ConfigExplanation>> Explain(std::string_view entity_id,
                                                         std::string_view resource) = 0;
};

}  // namespace zael
