#include <algorithm>
#include <chrono>
#include <memory>

#include "base/format.h"
#include "base/try.h"
#include "cli/commands.h"
#include "cli/local/local_endpoint.h"
#include "cli/local/local_up.h"
#include "cli/report.h"
#include "cli/session.h"
#include "engine/directory.h"
#include "os/background.h"
#include "os/rolling_file.h"

namespace zael::cli {
namespace {

constexpr std::chrono::milliseconds kPoll{20};
constexpr std::int64_t kMostLines = 100'000;

struct LogOptions {
  std::int64_t lines = 100;
};

Error NothingServed(const std::string& directory, Session& session) {
  session.SetNextStep(session.CommandText("local up --detach"));
  return {ErrorCode::kNotFound, Format("find endpoint: nothing serves {}", directory)};
}

Result<ExitCode> LocalDown(Session& session, Report& report) {
  ZAEL_ASSIGN(const OpenOptions open, session.MakeEmbeddedOptions());
  const std::string& directory = open.data_dir;
  ZAEL_ASSIGN(const auto served, FindEndpoint(directory));
  if (!served.has_value()) return NothingServed(directory, session);
  ZAEL_TRY(os::AskToEnd(served->pid));
  const std::shared_ptr<Clock> clock = MakeSystemClock();
  const MonotonicTime deadline = clock->MonotonicNow() + open.lock_timeout;
  for (;;) {
    const auto holder = engine::FindHolder(directory);
    if (!holder.ok()) return holder.error();
    if (!holder->has_value() || (*holder)->pid != served->pid) break;
    if (clock->MonotonicNow() > deadline) {
      session.SetNextStep("wait longer with --timeout 1m");
      return Error(ErrorCode::kDeadlineExceeded,
                   Format("stop endpoint: process {} still ends its work", served->pid));
    }
    clock->SleepFor(kPoll);
  }
  report.Say(Format("stopped process {}, which served {}", served->pid, directory), Style::kGood);
  report.SetHidden("stopped", Datum(true));
  report.SetHidden("pid", Datum(served->pid));
  return ExitCode::kDone;
}

Result<ExitCode> LocalStatus(Session& session, Report& report) {
  ZAEL_ASSIGN(const OpenOptions open, session.MakeEmbeddedOptions());
  const std::string& directory = open.data_dir;
  ZAEL_ASSIGN(const auto served, FindEndpoint(directory));
  const bool healthy = served.has_value() && Answers(served->url, MakeSystemClock());
  report.Set("running", "running", Cell::Flag(served.has_value()));
  if (served.has_value()) {
    report.Set("url", "address", Cell::Text(served->url, Style::kStrong));
    report.Set("pid", "process", Cell::Text(Format("{}", served->pid)));
    report.Set("healthy", "answers", Cell::Flag(healthy));
  }
  report.Set("data_dir", "directory", Cell::Text(directory));
  if (!served.has_value()) report.Advise(session.CommandText("local up --detach"));
  return healthy ? ExitCode::kDone : ExitCode::kNo;
}

Result<ExitCode> LocalLogs(const LogOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const OpenOptions open, session.MakeEmbeddedOptions());
  const std::string& directory = open.data_dir;
  ZAEL_ASSIGN(std::string lines, os::LastLines(engine::EndpointLogPath(directory), kLocalLogBytes,
                                               static_cast<std::size_t>(options.lines)));
  report.SetRaw(std::move(lines));
  return ExitCode::kDone;
}

void AddUp(Command& group) {
  const auto options = std::make_shared<LocalUpOptions>();
  group
      .AddCommand("up", "Serve the data directory as DynamoDB does, until Ctrl-C",
                  [options](Session& session, Report& report) {
                    return LocalUp(*options, session, report);
                  })
      .Option({.names = "--port",
               .value_name = "PORT",
               .help = "default: the system picks one",
               .choices = {},
               .target = NumberTarget{&options->port, 0, 65'535}})
      .Option({.names = "--host",
               .value_name = "ADDRESS",
               .help = "default 127.0.0.1; one that others can reach needs --keys",
               .choices = {},
               .target = &options->host})
      .Option({.names = "--keys",
               .value_name = "FILE",
               .help = "check signatures with these, a line `ID SECRET` each; else any is accepted",
               .choices = {},
               .target = &options->keys_file})
      .Option({.names = "--detach",
               .value_name = "",
               .help = "as a process of its own",
               .choices = {},
               .target = &options->detach})
      .Option({.names = "--log-requests",
               .value_name = "",
               .help = "log every request, not failures alone",
               .choices = {},
               .target = &options->log_requests})
      .Example("zae-limiter local up --port 8000")
      .Example("zae-limiter local up --detach --json");
}

}  // namespace

void AddLocalCommands(Command& root) {
  Command& group = root.AddGroup("local", "DynamoDB on this machine: the data directory served");
  AddUp(group);
  group.AddCommand("down", "End the process that serves the data directory", LocalDown)
      .Example("zae-limiter local down");
  group
      .AddCommand("status", "Show who serves the data directory, and where; exit 1 if nobody does",
                  LocalStatus)
      .Example("zae-limiter local status --json");
  const auto logs = std::make_shared<LogOptions>();
  group
      .AddCommand(
          "logs", "Show what the serving process logged",
          [logs](Session& session, Report& report) { return LocalLogs(*logs, session, report); })
      .Option({.names = "--lines",
               .value_name = "N",
               .help = "the last so many; default 100",
               .choices = {},
               .target = NumberTarget{&logs->lines, 1, kMostLines}})
      .Example("zae-limiter local logs --lines 20");
}

}  // namespace zael::cli
