// KeyPair: credentials that stand in the environment or in a shared file themselves.
#pragma once

#include <zael/result.h>

#include <optional>
#include <string>

#include "aws/credentials.h"
#include "aws/settings.h"

namespace zael::aws {

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION,
// AWS_ACCOUNT_ID. Absent when neither of the first two is set.
// Errors: kInvalidArgument (one without the other, an expiry that is no time).
Result<std::optional<Credentials>> FindKeysInEnvironment(const Settings& settings);

// aws_access_key_id, aws_secret_access_key, aws_session_token, aws_account_id of a profile in one
// of the two files. Absent and errors as above, naming file and line.
Result<std::optional<Credentials>> FindKeysInFile(const Profiles& profiles, ProfileFileKind file,
                                                  const std::string& profile);

}  // namespace zael::aws
