#include "cli/local/local_up.h"

#include <chrono>
#include <memory>
#include <vector>

#include "base/format.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"
#include "cli/local/access_keys.h"
#include "cli/local/local_endpoint.h"
#include "endpoint/endpoint.h"
#include "engine/directory.h"
#include "engine/engine.h"
#include "os/background.h"
#include "os/environment.h"
#include "os/files.h"
#include "os/rolling_file.h"

namespace zael::cli {
namespace {

constexpr std::chrono::milliseconds kServePoll{20};
constexpr std::chrono::seconds kGrace{5};            // for requests under way when it ends
constexpr std::chrono::seconds kExtraStartTime{20};  // beyond waiting for the directory
constexpr std::size_t kShownLines = 3;

bool IsLoopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Status RefuseServed(const std::string& directory, Session& session) {
  ZAEL_ASSIGN(const auto served, FindEndpoint(directory));
  if (!served.has_value()) return {};
  session.SetNextStep(session.CommandText("local down"));
  return Error(
      ErrorCode::kFailedPrecondition,
      Format("serve {}: process {} serves it already at {}", directory, served->pid, served->url));
}

void Describe(const std::string& directory, const LocalEndpoint& endpoint, Report& report) {
  report.Say(Format("serving {} at {}", directory, endpoint.url), Style::kGood);
  report.Set("url", "address", Cell::Text(endpoint.url, Style::kStrong));
  report.Set("pid", "process", Cell::Text(Format("{}", endpoint.pid)));
  report.Set("data_dir", "directory", Cell::Text(directory));
}

std::string LogLine(WallTime now, const endpoint::Handled& handled) {
  return Format("{} {} {} {} {} us", ToUtcText(now),
                handled.target.empty() ? std::string_view("-") : handled.target, handled.status,
                handled.error.empty() ? std::string_view("-") : handled.error,
                std::chrono::duration_cast<std::chrono::microseconds>(handled.took).count());
}

// Refusals of one's own making are everyday life; whoever cannot get in, or is failed, is not.
bool IsNoteworthy(const endpoint::Handled& handled) {
  return handled.target.empty() || handled.status >= 500 ||
         handled.error.find("Signature") != std::string_view::npos ||
         handled.error.find("Token") != std::string_view::npos ||
         handled.error == "UnrecognizedClientException";
}

// Everything of a serving process, in the order of its making.
class Server {
 public:
  Server(std::string directory, std::shared_ptr<Clock> clock)
      : directory_(std::move(directory)), clock_(std::move(clock)) {}

  Status Start(const LocalUpOptions& options, const OpenOptions& open, endpoint::AccessKeys keys) {
    ZAEL_ASSIGN(engine_, engine::Engine::Open({.directory = directory_,
                                               .durability = open.durability,
                                               .lock_timeout = open.lock_timeout,
                                               .clock = clock_,
                                               .file_system = nullptr}));
    ZAEL_ASSIGN(os::RollingFile log,
                os::RollingFile::Open(engine::EndpointLogPath(directory_), kLocalLogBytes));
    log_ = std::make_unique<os::RollingFile>(std::move(log));
    endpoint::EndpointOptions settings;
    settings.server.host = options.host.value_or("127.0.0.1");
    settings.server.port = static_cast<std::uint16_t>(options.port);
    settings.keys = std::move(keys);
    settings.on_handled = [this, all = options.log_requests](const endpoint::Handled& handled) {
      if (all || IsNoteworthy(handled)) log_->Append(LogLine(clock_->WallNow(), handled));
    };
    ZAEL_ASSIGN(endpoint_,
                endpoint::Endpoint::Start(engine_->stores(), clock_, std::move(settings)));
    Log(Format("serving {} at {}, process {}", directory_, endpoint_->url(), os::ProcessId()));
    return engine_->Announce(endpoint_->url());
  }

  LocalEndpoint endpoint() const { return {.pid = os::ProcessId(), .url = endpoint_->url()}; }

  void Stop() {
    Log("stopping");
    (void)engine_->Announce("");
    endpoint_->Stop(kGrace);
    Log("stopped");
  }

 private:
  void Log(const std::string& what) {
    log_->Append(Format("{} {}", ToUtcText(clock_->WallNow()), what));
  }

  const std::string directory_;
  const std::shared_ptr<Clock> clock_;
  std::shared_ptr<engine::Engine> engine_;
  std::unique_ptr<os::RollingFile> log_;
  std::unique_ptr<endpoint::Endpoint> endpoint_;
};

Result<ExitCode> Serve(const LocalUpOptions& options, const OpenOptions& open, Session& session,
                       Report& report) {
  const std::string& directory = open.data_dir;
  endpoint::AccessKeys keys;
  if (options.keys_file.has_value()) {
    ZAEL_ASSIGN(keys, ReadAccessKeys(*options.keys_file));
  }
  const std::shared_ptr<Clock> clock = MakeSystemClock();
  Server server(directory, clock);
  ZAEL_TRY(server.Start(options, open, std::move(keys)));
  const Console& console = session.console();
  Report begun;
  Describe(directory, server.endpoint(), begun);
  begun.Say("Ctrl-C ends it", Style::kDim);
  console.out(session.options().json ? begun.RenderJson()
                                     : begun.RenderText(console, session.options().quiet));
  while (!console.interrupted()) clock->SleepFor(kServePoll);
  server.Stop();
  report.Silence();
  return ExitCode::kDone;
}

std::vector<std::string> ForegroundWords(const LocalUpOptions& options, const CommonOptions& common,
                                         const std::string& directory) {
  std::vector<std::string> words{"local",      "up",      "--store", "embedded",
                                 "--data-dir", directory, "--port",  Format("{}", options.port),
                                 "--quiet"};
  const auto pass = [&words](const char* name, const std::optional<std::string>& value) {
    if (!value.has_value()) return;
    words.emplace_back(name);
    words.push_back(*value);
  };
  pass("--host", options.host);
  pass("--keys", options.keys_file);
  pass("--durability", common.durability);
  pass("--timeout", common.timeout);
  if (options.log_requests) words.emplace_back("--log-requests");
  return words;
}

// The last lines the process wrote before it ended, in one.
std::string LastWords(const std::string& directory) {
  auto lines = os::LastLines(engine::EndpointLogPath(directory), kLocalLogBytes, kShownLines);
  if (!lines.ok()) return "it left no log";
  while (!lines->empty() && lines->back() == '\n') lines->pop_back();
  for (char& c : *lines) {
    if (c == '\n') c = ';';
  }
  return *lines;
}

Result<ExitCode> Detach(const LocalUpOptions& options, const OpenOptions& open, Session& session,
                        Report& report) {
  const std::string& directory = open.data_dir;
  ZAEL_TRY(os::MakeDirectories(directory));
  ZAEL_ASSIGN(const std::int64_t child,
              os::StartInBackground(ForegroundWords(options, session.options(), directory),
                                    engine::EndpointLogPath(directory)));
  const std::shared_ptr<Clock> clock = MakeSystemClock();
  const MonotonicTime deadline = clock->MonotonicNow() + open.lock_timeout + kExtraStartTime;
  for (;;) {
    ZAEL_ASSIGN(const auto served, FindEndpoint(directory));
    if (served.has_value() && served->pid == child) {
      Describe(directory, *served, report);
      report.Advise(session.CommandText("local down"));
      return ExitCode::kDone;
    }
    if (os::ChildHasEnded(child)) {
      session.SetNextStep(session.CommandText("local logs"));
      return Error(ErrorCode::kUnavailable,
                   Format("serve {}: the process ended: {}", directory, LastWords(directory)));
    }
    if (clock->MonotonicNow() > deadline) {
      (void)os::AskToEnd(child);
      return Error(ErrorCode::kDeadlineExceeded,
                   Format("serve {}: process {} did not begin to serve", directory, child));
    }
    clock->SleepFor(kServePoll);
  }
}

}  // namespace

Result<ExitCode> LocalUp(const LocalUpOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const OpenOptions open, session.MakeEmbeddedOptions());
  const std::string& directory = open.data_dir;
  if (options.host.has_value() && !IsLoopback(*options.host) && !options.keys_file.has_value()) {
    session.SetNextStep("add --keys FILE, a line `ID SECRET` for each key");
    return Error(ErrorCode::kInvalidArgument,
                 Format("serve {}: others can reach {}, so keys are needed", directory,
                        Shorten(*options.host)));
  }
  ZAEL_TRY(RefuseServed(directory, session));
  return options.detach ? Detach(options, open, session, report)
                        : Serve(options, open, session, report);
}

}  // namespace zael::cli
