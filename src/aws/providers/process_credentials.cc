#include "aws/providers/process_credentials.h"

#include <utility>

#include "aws/providers/credential_answer.h"
#include "base/format.h"
#include "base/text.h"

namespace zael::aws {

ProcessCredentials::ProcessCredentials(std::vector<std::string> command, std::string account_id,
                                       std::weak_ptr<os::ProcessRunner> runner)
    : command_(std::move(command)),
      account_id_(std::move(account_id)),
      runner_(std::move(runner)) {}

void ProcessCredentials::Get(CredentialsCallback done) {
  const std::string what = Format("credential_process {}", Shorten(command_.front()));
  const auto runner = runner_.lock();
  if (!runner) {
    return done(Error(ErrorCode::kUnavailable, Format("run {}: the caller is ending", what)));
  }
  runner->Run({.arguments = command_}, [what, account_id = account_id_,
                                        done = std::move(done)](Result<os::ProcessResult> ran) {
    if (!ran.ok()) return done(ran.error());
    if (ran->exit_code != 0) {
      return done(Error(ErrorCode::kInvalidArgument,
                        Format("run {}: it ended with code {}; run it by hand to see why", what,
                               ran->exit_code)));
    }
    auto credentials =
        ParseCredentialAnswer(std::move(ran->output), CredentialAnswerKind::kProgram, what);
    if (!credentials.ok()) return done(credentials.error());
    if (credentials->account_id.empty()) credentials->account_id = account_id;
    done(std::make_shared<const Credentials>(*std::move(credentials)));
  });
}

}  // namespace zael::aws
