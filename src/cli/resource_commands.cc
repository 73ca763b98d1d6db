// `resource`: the defaults of one resource, for entities without limits of their own.
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

struct ResourceOptions {
  std::string resource;
  std::vector<std::string> limits;
};

Result<ExitCode> SetResource(const ResourceOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const Limits limits, ParseLimits("--limit", options.limits));
  if (limits.empty()) {
    session.SetNextStep(
        Format("zae-limiter resource set-defaults {} -l rpm:100", options.resource));
    return Error(ErrorCode::kInvalidArgument, "read --limit: none given, at least one is the rule");
  }
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_TRY(repository->configuration().SetResourceDefaults(options.resource, limits));
  report.Say(Format("set the defaults of resource {}", options.resource), Style::kGood);
  report.SetHidden("resource", Datum(options.resource));
  report.Add(LimitTable("limits", limits, ""));
  return ExitCode::kDone;
}

Result<ExitCode> GetResource(const ResourceOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_ASSIGN(const Limits limits,
              repository->configuration().GetResourceDefaults(options.resource));
  report.SetHidden("resource", Datum(options.resource));
  report.Add(LimitTable("limits", limits, Format("resource {} has no defaults", options.resource)));
  return ExitCode::kDone;
}

Result<ExitCode> DeleteResource(const ResourceOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  const Status deleted = repository->configuration().DeleteResourceDefaults(options.resource);
  if (!deleted.ok()) {
    if (deleted.error().code() == ErrorCode::kNotFound) {
      session.SetNextStep(session.CommandText("resource list"));
    }
    return deleted.error();
  }
  report.Say(Format("deleted the defaults of resource {}", options.resource), Style::kGood);
  report.SetHidden("resource", Datum(options.resource));
  return ExitCode::kDone;
}

Result<ExitCode> ListResources(const ResourceOptions&, Session& session, Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_ASSIGN(const std::vector<std::string> resources,
              repository->configuration().ListResourcesWithDefaults());
  Table table{.key = "resources",
              .columns = {{"resource", "RESOURCE"}},
              .rows = {},
              .when_empty = "no resource has defaults"};
  for (const std::string& resource : resources) table.rows.push_back({Cell::Text(resource)});
  report.Add(std::move(table));
  return ExitCode::kDone;
}

using Handler = Result<ExitCode> (*)(const ResourceOptions&, Session&, Report&);

Command& AddHandler(Command& group, const char* name, const char* about, Handler handler) {
  const auto options = std::make_shared<ResourceOptions>();
  Command& command = group.AddCommand(
      name, about, [handler, options](Session& s, Report& r) { return handler(*options, s, r); });
  if (handler != ListResources) command.Argument("RESOURCE", &options->resource, "its name");
  if (handler == SetResource) {
    command.Option(
        LimitOption(&options->limits, "one of the limits; the set replaces the old one"));
  }
  return command;
}

}  // namespace

void AddResourceCommands(Command& root) {
  Command& group = root.AddGroup("resource", "The default limits of a resource");
  AddHandler(group, "set-defaults", "Replace the defaults of a resource", SetResource)
      .Example("zae-limiter resource set-defaults gpt-4 -l rpm:50 -l tpm:20000");
  AddHandler(group, "get-defaults", "Show the defaults of a resource", GetResource)
      .Example("zae-limiter resource get-defaults gpt-4");
  AddHandler(group, "delete-defaults", "Delete the defaults of a resource", DeleteResource)
      .Example("zae-limiter resource delete-defaults gpt-4");
  AddHandler(group, "list", "List the resources that have defaults", ListResources)
      .Example("zae-limiter resource list");
}

}  // namespace zael::cli
