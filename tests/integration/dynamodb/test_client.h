// OpenTestClient: a client of a server that checks no keys, for tests and for the programs they
// start. It looks at no variable and no file.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/random.h"
#include "dynamo/dynamo_client.h"

namespace zael::dynamo {

// However slow the machine is: only a server that answers nothing at all lets a call fail.
inline constexpr RetryOptions kPatient{.attempt_timeout = std::chrono::seconds(60),
                                       .call_timeout = std::chrono::seconds(120)};

// Errors as DynamoClient::Open.
Result<std::shared_ptr<DynamoClient>> OpenTestClient(const std::string& url,
                                                     std::shared_ptr<Clock> clock,
                                                     std::shared_ptr<RandomSource> random,
                                                     const RetryOptions& retry = kPatient);

}  // namespace zael::dynamo
