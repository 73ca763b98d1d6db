// `system`: the limits of everybody without better ones, and what happens when the store is away.
#include <memory>

#include "base/format.h"
#include "base/try.h"
#include "cli/amounts.h"
#include "cli/commands.h"
#include "cli/limit_tables.h"
#include "cli/report.h"
#include "cli/session.h"

namespace zael::cli {
namespace {

struct SystemOptions {
  std::vector<std::string> limits;
  std::optional<std::string> on_unavailable;
};

void Show(const SystemDefaults& defaults, Report& report) {
  Cell mode = Cell::None();
  if (defaults.on_unavailable) {
    mode = Cell::Text(*defaults.on_unavailable == OnUnavailable::kAllow ? "allow" : "block");
  }
  report.Set("on_unavailable", "on unavailable", std::move(mode));
  report.Add(LimitTable("limits", defaults.limits, "no system defaults"));
}

Result<ExitCode> SetSystem(const SystemOptions& options, Session& session, Report& report) {
  SystemDefaults defaults;
  ZAEL_ASSIGN(defaults.limits, ParseLimits("--limit", options.limits));
  if (options.on_unavailable) {
    defaults.on_unavailable =
        *options.on_unavailable == "allow" ? OnUnavailable::kAllow : OnUnavailable::kBlock;
  }
  if (defaults.limits.empty() && !defaults.on_unavailable) {
    session.SetNextStep("zae-limiter system set-defaults -l rpm:100 -l tpm:10000/min:50000");
    return Error(ErrorCode::kInvalidArgument,
                 "set system defaults: neither --limit nor --on-unavailable was given");
  }
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_TRY(repository->configuration().SetSystemDefaults(defaults));
  report.Say("set the system defaults", Style::kGood);
  Show(defaults, report);
  return ExitCode::kDone;
}

Result<ExitCode> GetSystem(const SystemOptions&, Session& session, Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_ASSIGN(const SystemDefaults defaults, repository->configuration().GetSystemDefaults());
  Show(defaults, report);
  return ExitCode::kDone;
}

Result<ExitCode> DeleteSystem(const SystemOptions&, Session& session, Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_TRY(repository->configuration().DeleteSystemDefaults());
  report.Say("deleted the system defaults", Style::kGood);
  report.SetHidden("deleted", Datum(true));
  return ExitCode::kDone;
}

using Handler = Result<ExitCode> (*)(const SystemOptions&, Session&, Report&);

Command& AddHandler(Command& group, const char* name, const char* about, Handler handler) {
  const auto options = std::make_shared<SystemOptions>();
  Command& command = group.AddCommand(
      name, about, [handler, options](Session& s, Report& r) { return handler(*options, s, r); });
  if (handler == SetSystem) {
    command.Option(LimitOption(&options->limits, "one of the limits; the set replaces the old one"))
        .Option({.names = "--on-unavailable",
                 .value_name = "MODE",
                 .help = "what acquire does when the store does not answer",
                 .choices = {"block", "allow"},
                 .target = &options->on_unavailable});
  }
  return command;
}

}  // namespace

void AddSystemCommands(Command& root) {
  Command& group = root.AddGroup("system", "The default limits of everybody");
  AddHandler(group, "set-defaults", "Replace the system defaults", SetSystem)
      .Example("zae-limiter system set-defaults -l rpm:100 -l tpm:10000/min:50000")
      .Example("zae-limiter system set-defaults -l rpm:100 --on-unavailable allow");
  AddHandler(group, "get-defaults", "Show the system defaults", GetSystem)
      .Example("zae-limiter system get-defaults --json");
  AddHandler(group, "delete-defaults", "Delete the system defaults", DeleteSystem)
      .Example("zae-limiter system delete-defaults");
}

}  // namespace zael::cli
