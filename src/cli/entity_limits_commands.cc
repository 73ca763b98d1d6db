// `entity set-limits|get-limits|delete-limits`: the limits of one entity, for one resource or for
// all.
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

struct EntityLimitsOptions {
  std::string id;
  std::optional<std::string> resource;
  std::vector<std::string> limits;

  std::string resource_or_default() const {
    return resource.value_or(std::string(kDefaultResource));
  }
  std::string resource_sentence() const {
    return resource ? "on " + *resource : "on every resource";
  }
};

void Describe(const EntityLimitsOptions& options, Report& report) {
  report.SetHidden("entity", Datum(options.id));
  report.SetHidden("resource", Datum(options.resource_or_default()));
}

Result<ExitCode> SetEntityLimits(const EntityLimitsOptions& options, Session& session,
                                 Report& report) {
  ZAEL_ASSIGN(const Limits limits, ParseLimits("--limit", options.limits));
  if (limits.empty()) {
    session.SetNextStep(Format("zae-limiter entity set-limits {} -l rpm:100", options.id));
    return Error(ErrorCode::kInvalidArgument, "read --limit: none given, at least one is the rule");
  }
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_TRY(
      repository->configuration().SetLimits(options.id, options.resource_or_default(), limits));
  report.Say(Format("set {} limit{} of {} {}", limits.size(), limits.size() == 1 ? "" : "s",
                    options.id, options.resource_sentence()),
             Style::kGood);
  Describe(options, report);
  report.Add(LimitTable("limits", limits, ""));
  return ExitCode::kDone;
}

Result<ExitCode> GetEntityLimits(const EntityLimitsOptions& options, Session& session,
                                 Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_ASSIGN(const Limits limits,
              repository->configuration().GetLimits(options.id, options.resource_or_default()));
  Describe(options, report);
  report.Add(LimitTable(
      "limits", limits,
      Format("{} has no limits of its own {}", options.id, options.resource_sentence())));
  return ExitCode::kDone;
}

Result<ExitCode> DeleteEntityLimits(const EntityLimitsOptions& options, Session& session,
                                    Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_TRY(repository->configuration().DeleteLimits(options.id, options.resource_or_default()));
  report.Say(Format("deleted the limits of {} {}", options.id, options.resource_sentence()),
             Style::kGood);
  Describe(options, report);
  return ExitCode::kDone;
}

using LimitsHandler = Result<ExitCode> (*)(const EntityLimitsOptions&, Session&, Report&);

Command& AddLimitsHandler(Command& group, const char* name, const char* about,
                          LimitsHandler handler) {
  const auto options = std::make_shared<EntityLimitsOptions>();
  Command& command = group
                         .AddCommand(name, about,
                                     [handler, options](Session& session, Report& report) {
                                       return handler(*options, session, report);
                                     })
                         .Argument("ENTITY", &options->id, "who; needs no record")
                         .Option({.names = "--resource,-r",
                                  .value_name = "RESOURCE",
                                  .help = "for this resource only; default every resource",
                                  .choices = {},
                                  .target = &options->resource});
  if (handler == SetEntityLimits) {
    command.Option(
        LimitOption(&options->limits, "one of the limits; the set replaces the old one"));
  }
  return command;
}

}  // namespace

void AddEntityLimitsCommands(Command& entity) {
  AddLimitsHandler(entity, "set-limits", "Replace the limits of an entity", SetEntityLimits)
      .Example("zae-limiter entity set-limits api-key-1 -l rpm:60 -l tpm:20000/min:40000")
      .Example("zae-limiter entity set-limits api-key-1 --resource gpt-4 -l rpm:10");
  AddLimitsHandler(entity, "get-limits", "Show the limits of an entity", GetEntityLimits)
      .Example("zae-limiter entity get-limits api-key-1 --resource gpt-4");
  AddLimitsHandler(entity, "delete-limits", "Delete the limits of an entity", DeleteEntityLimits)
      .Example("zae-limiter entity delete-limits api-key-1");
}

}  // namespace zael::cli
