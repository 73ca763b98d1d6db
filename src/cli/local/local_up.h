// `local up`: serving a data directory, in the foreground until interrupted or by a process of its
// own.
#pragma once

#include <zael/result.h>

#include <cstdint>
#include <optional>
#include <string>

#include "cli/command_line.h"
#include "cli/report.h"
#include "cli/session.h"

namespace zael::cli {

struct LocalUpOptions {
  std::optional<std::string> host;
  std::int64_t port = 0;                 // 0: the system picks
  std::optional<std::string> keys_file;  // absent: any signature is accepted
  bool detach = false;
  bool log_requests = false;
};

// Errors: kFailedPrecondition (served already), kInvalidArgument (a host others can reach needs
// keys), those of engine::Engine::Open and endpoint::Endpoint::Start.
Result<ExitCode> LocalUp(const LocalUpOptions& options, Session& session, Report& report);

}  // namespace zael::cli
