// The records under `SYSTEM#` that are not limits: system config, resource registry, version.
#pragma once

#include <zael/config.h>
#include <zael/repository.h>
#include <zael/result.h>
#include <zael/value.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zael::records {

struct SystemConfigRecord {
  std::optional<OnUnavailable> on_unavailable;
  std::int64_t config_version = 0;

  friend bool operator==(const SystemConfigRecord&, const SystemConfigRecord&) = default;
};

Item EncodeSystemConfig(const SystemConfigRecord& record);
Result<SystemConfigRecord> DecodeSystemConfig(
    const Item& item);  // Errors: kDataLoss naming the key.
bool IsSystemConfig(const Item& item);
std::string_view OnUnavailableText(OnUnavailable mode);

// The resources that have defaults, sorted. Errors: kDataLoss naming the key.
Result<std::vector<std::string>> DecodeRegistry(const Item& item);

Item EncodeVersion(const VersionRecord& record);
Result<VersionRecord> DecodeVersion(const Item& item);  // Errors: kDataLoss naming the key.

}  // namespace zael::records
