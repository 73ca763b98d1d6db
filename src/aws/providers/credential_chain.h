// CredentialChain: which provider a process uses, in the order that every AWS client follows.
//
// The first place that is configured decides, also when it then fails; nothing is asked here.
// Order: environment; the profile's role; a web identity; the profile's keys in the credentials
// file; its credential_process; its keys in the config file; the container; the instance.
#pragma once

#include <zael/result.h>

#include <memory>
#include <optional>
#include <string>

#include "aws/credentials.h"
#include "aws/runtime.h"
#include "aws/settings.h"

namespace zael::aws {

// `region`: whose STS is asked. `last_resort`: used in place of the instance.
// Errors: kInvalidArgument naming the setting that is wrong or not supported; kNotFound when
// nothing is configured.
Result<std::shared_ptr<CredentialsProvider>> SelectCredentials(
    const Settings& settings, const std::string& region, const Runtime& runtime,
    const std::optional<Credentials>& last_resort = std::nullopt);

}  // namespace zael::aws
