// `bucket`: the stored balances of an entity, to look at or to reset.
#include <memory>

#include "base/format.h"
#include "base/time.h"
#include "base/try.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "cli/session.h"

namespace zael::cli {
namespace {

struct BucketOptions {
  std::string entity;
  BucketFilter filter;
};

Result<ExitCode> ShowBuckets(const BucketOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_ASSIGN(const std::vector<BucketSnapshot> buckets,
              repository->buckets().Show(options.entity, options.filter));
  Table table{.key = "buckets",
              .columns = {{"resource", "RESOURCE"},
                          {"limit", "LIMIT"},
                          {"available", "AVAILABLE", true},
                          {"burst", "BURST", true},
                          {"limit_text", "RULE"},
                          {"tokens_milli", "STORED (MILLI)", true},
                          {"last_refill", "LAST REFILL"},
                          {"total_consumed_milli", "CONSUMED (MILLI)", true},
                          {"expires_at", "EXPIRES"}},
              .rows = {},
              .when_empty = Format("{} has no stored bucket: its limits are full", options.entity)};
  for (const BucketSnapshot& bucket : buckets) {
    const Style style = bucket.available <= 0 ? Style::kBad : Style::kPlain;
    table.rows.push_back({Cell::Text(bucket.resource),
                          Cell::Text(bucket.limit.name, Style::kStrong),
                          Cell::Count(bucket.available, style), Cell::Count(bucket.limit.burst),
                          Cell::Text(bucket.limit.ToText()), Cell::Count(bucket.tokens_milli),
                          Cell::Time(bucket.last_refill), Cell::Text(bucket.total_consumed_milli),
                          bucket.expires_at ? Cell::Time(*bucket.expires_at) : Cell::None()});
  }
  report.SetHidden("entity", Datum(options.entity));
  report.Add(std::move(table));
  return ExitCode::kDone;
}

Result<ExitCode> ResetBuckets(const BucketOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_ASSIGN(const std::size_t removed,
              repository->buckets().Reset(options.entity, options.filter));
  report.Say(removed == 0 ? Format("{} had no stored bucket", options.entity)
                          : Format("reset {} bucket{} of {}: full at the next acquire", removed,
                                   removed == 1 ? "" : "s", options.entity),
             removed == 0 ? Style::kPlain : Style::kGood);
  report.SetHidden("entity", Datum(options.entity));
  report.SetHidden("reset", Datum(std::uint64_t{removed}));
  return ExitCode::kDone;
}

using Handler = Result<ExitCode> (*)(const BucketOptions&, Session&, Report&);

Command& AddHandler(Command& group, const char* name, const char* about, Handler handler) {
  const auto options = std::make_shared<BucketOptions>();
  return group
      .AddCommand(name, about,
                  [handler, options](Session& session, Report& report) {
                    return handler(*options, session, report);
                  })
      .Argument("ENTITY", &options->entity, "whose")
      .Option({.names = "--resource,-r",
               .value_name = "RESOURCE",
               .help = "only of this resource",
               .choices = {},
               .target = &options->filter.resource})
      .Option({.names = "--limit,-l",
               .value_name = "NAME",
               .help = "only of this limit",
               .choices = {},
               .target = &options->filter.limit});
}

}  // namespace

void AddBucketCommands(Command& root) {
  Command& group = root.AddGroup("bucket", "Stored balances");
  AddHandler(group, "show", "Show the buckets of an entity; changes nothing", ShowBuckets)
      .Example("zae-limiter bucket show api-key-1 --resource gpt-4");
  AddHandler(group, "reset", "Make the buckets of an entity full again", ResetBuckets)
      .Example("zae-limiter bucket reset api-key-1 --limit tpm");
}

}  // namespace zael::cli
