// CredentialAnswer: the JSON in which containers, instances and programs give credentials.
//
//   {"AccessKeyId": ..., "SecretAccessKey": ..., "Token": ..., "Expiration":
//   "2026-01-31T23:59:59Z"}
// An instance adds "Code": "Success"; a program "Version": 1, and says SessionToken. No message
// repeats what it read.
#pragma once

#include <zael/result.h>

#include <string>

#include "aws/credentials.h"

namespace zael::aws {

enum class CredentialAnswerKind { kContainer, kInstance, kProgram };

// `source`: who answered, for messages.
// Errors: kInvalidArgument (a program's answer: it is the user's own), kUnavailable (a service's),
// saying which member is wrong; kPermissionDenied when an instance says another Code than Success.
Result<Credentials> ParseCredentialAnswer(std::string text, CredentialAnswerKind kind,
                                          const std::string& source);

}  // namespace zael::aws
