// RetrySettings: AWS_RETRY_MODE and AWS_MAX_ATTEMPTS, or the profile's retry_mode and max_attempts,
// as retry options. Pure.
#pragma once

#include <zael/result.h>

#include <optional>

#include "aws/profiles.h"
#include "dynamo/retry.h"

namespace zael::dynamo {

// `options` with the number of attempts, the first one included, that the settings ask for:
// `standard` and `adaptive` mean 3, as in every SDK, and `legacy` what each client likes, here that
// of `options`. The pauses and the shared quota are those of `standard` in all of them; `adaptive`
// holds back no first attempt. Errors: kInvalidArgument naming the place (no such mode; not a whole
// number of at least 1).
Result<RetryOptions> WithRetrySettings(RetryOptions options,
                                       const std::optional<aws::PlacedSetting>& retry_mode,
                                       const std::optional<aws::PlacedSetting>& max_attempts);

}  // namespace zael::dynamo
