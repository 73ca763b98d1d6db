// InstanceMetadata: the service inside an EC2 instance that knows its role and region (version 2,
// with a session token; version 1 is not spoken).
//
// Off an instance nothing answers at its address: one short attempt, unless configured otherwise.
#pragma once

#include <zael/result.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "aws/providers/fetch.h"
#include "aws/runtime.h"
#include "aws/settings.h"

namespace zael::aws {

// What messages call it.
inline constexpr const char* kMetadataService = "the instance's metadata service";

struct InstanceSource {
  Endpoint endpoint{false, "169.254.169.254", 80};
  std::string path;  // before each request's own
  FetchPolicy policy{.attempts = 1, .timeout = std::chrono::seconds(1)};
};

// AWS_EC2_METADATA_SERVICE_ENDPOINT(_MODE), AWS_METADATA_SERVICE_TIMEOUT and _NUM_ATTEMPTS and
// their keys in the profile. Absent when AWS_EC2_METADATA_DISABLED. Errors: kInvalidArgument naming
// the place.
Result<std::optional<InstanceSource>> FindInstanceSource(const Settings& settings);

// Thread-safe; must be held by a shared_ptr.
class InstanceMetadata : public std::enable_shared_from_this<InstanceMetadata> {
 public:
  using TextCallback = std::function<void(Result<std::string>)>;

  InstanceMetadata(InstanceSource source, const Runtime& runtime)
      : source_(std::move(source)), runtime_(runtime) {}

  // A token for Read. Errors: as Fetch and RefusedAnswer.
  void OpenSession(TextCallback done);
  // The text at a path such as `/latest/meta-data/placement/region`. Errors: as above.
  void Read(const std::string& token, const std::string& path, TextCallback done);

 private:
  HttpRequest Request(std::string method, const std::string& path) const;
  void Ask(HttpRequest request, TextCallback done);

  const InstanceSource source_;
  const Runtime runtime_;
};

}  // namespace zael::aws
