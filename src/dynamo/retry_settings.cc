#include "dynamo/retry_settings.h"

#include <charconv>
#include <string>

#include "aws/ascii.h"
#include "base/format.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::dynamo {
namespace {

constexpr int kStandardAttempts = 3;

Error Wrong(const aws::PlacedSetting& setting, const char* rule) {
  return Error(ErrorCode::kInvalidArgument,
               Format("read {}: {} is not {}", setting.place, Shorten(setting.value), rule));
}

Result<int> ReadAttempts(const aws::PlacedSetting& setting) {
  int attempts = 0;
  const char* const end = setting.value.data() + setting.value.size();
  const auto [stop, fault] = std::from_chars(setting.value.data(), end, attempts);
  if (fault != std::errc() || stop != end || attempts < 1) {
    return Wrong(setting, "a whole number of at least 1");
  }
  return attempts;
}

}  // namespace

Result<RetryOptions> WithRetrySettings(RetryOptions options,
                                       const std::optional<aws::PlacedSetting>& retry_mode,
                                       const std::optional<aws::PlacedSetting>& max_attempts) {
  if (retry_mode) {
    const std::string mode = aws::ToLower(retry_mode->value);
    if (mode == "standard" || mode == "adaptive") {
      options.max_attempts = kStandardAttempts;
    } else if (mode != "legacy") {
      return Wrong(*retry_mode, "one of standard, adaptive and legacy");
    }
  }
  if (max_attempts) {
    ZAEL_ASSIGN(options.max_attempts, ReadAttempts(*max_attempts));
  }
  return options;
}

}  // namespace zael::dynamo
