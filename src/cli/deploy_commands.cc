// The table itself: `deploy`, `delete`, `status`, `list`, and `version` of the program.
#include <algorithm>
#include <memory>
#include <optional>

#include "base/format.h"
#include "base/try.h"
#include "cli/commands.h"
#include "cli/local/local_endpoint.h"
#include "cli/report.h"
#include "cli/session.h"
#include "open/open_served.h"
#include "open/open_stores.h"
#include "records/table.h"

namespace zael::cli {
namespace {

struct DeployOptions {
  std::optional<std::string> protection;
};

struct DeleteOptions {
  bool yes = false;
};

// Says it of a store that has been reached.
void DescribeChoice(StoreChoice choice, Report& report) {
  if (choice.kind == open::StoreKind::kEmbedded) {
    const auto endpoint = FindEndpoint(choice.place);
    if (endpoint.ok() && endpoint->has_value()) choice.through = (*endpoint)->url;
  }
  report.Say(StoreSentence(choice), Style::kDim);
  const bool is_dynamo = choice.kind == open::StoreKind::kDynamo;
  report.SetHidden("store", Datum(is_dynamo ? "dynamodb" : "embedded"));
  report.SetHidden("store_reason", Datum(choice.reason));
  report.SetHidden(is_dynamo ? "store_place" : "data_dir", Datum(choice.place));
}

Cell OnOff(bool on, Style off_style) {
  Cell cell = Cell::Flag(on);
  cell.text = on ? "on" : "off";
  if (!on) cell.style = off_style;
  return cell;
}

void DescribeTable(const TableDescription& table, Report& report) {
  report.Set("table", "table", Cell::Text(table.spec.name, Style::kStrong));
  report.Set("created_at", "created", Cell::Time(table.created_at));
  report.Set("item_count", "records", Cell::Count(static_cast<std::int64_t>(table.item_count)));
  report.Set("deletion_protection", "deletion protection",
             OnOff(table.spec.deletion_protection, Style::kWarn));
  report.Set("ttl", "expiry", OnOff(table.spec.ttl_attribute.has_value(), Style::kBad));
  report.Set("stream", "change feed", OnOff(table.spec.stream, Style::kBad));
}

// What a limiter's table must have and this one has not; a restored table lacks some of it.
TableUpdate MissingSettings(const TableSpec& spec, const std::optional<std::string>& protection) {
  const TableSpec wanted = records::LimiterTable(spec.name);
  TableUpdate update;
  if (spec.ttl_attribute != wanted.ttl_attribute) update.ttl_attribute = wanted.ttl_attribute;
  if (spec.stream != wanted.stream) update.stream = wanted.stream;
  if (protection && (*protection == "on") != spec.deletion_protection) {
    update.deletion_protection = *protection == "on";
  }
  return update;
}

std::string ChangesText(const TableUpdate& update) {
  std::string text;
  const auto add = [&text](const std::string& change) {
    text += (text.empty() ? "" : ", ") + change;
  };
  if (update.ttl_attribute) add("expiry on");
  if (update.stream) add("change feed on");
  if (update.deletion_protection) {
    add(*update.deletion_protection ? "deletion protection on" : "deletion protection off");
  }
  return text;
}

// The table, made when it is not there yet.
Result<std::shared_ptr<Repository>> OpenOrMake(Session& session, bool& created) {
  ZAEL_ASSIGN(OpenOptions open, session.MakeOpenOptions());
  auto existing = session.OpenTable(open);
  if (existing.ok() || existing.error().code() != ErrorCode::kNotFound) return existing;
  session.SetNextStep("");
  open.create_if_missing = true;
  created = true;
  return session.OpenTable(open);
}

Result<ExitCode> Deploy(const DeployOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const StoreChoice choice, session.ChooseStore());
  bool created = false;
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, OpenOrMake(session, created));
  TableAdmin& tables = *repository->stores().tables;
  ZAEL_ASSIGN(TableDescription table, tables.DescribeTable(repository->table_name()));
  const TableUpdate update = MissingSettings(table.spec, options.protection);
  const std::string changes = ChangesText(update);
  if (!changes.empty()) {
    ZAEL_ASSIGN(table, tables.UpdateTable(repository->table_name(), update));
  }
  DescribeChoice(choice, report);
  report.SetHidden("created", Datum(created));
  report.SetHidden("changes", Datum(changes));
  if (created) report.Say(Format("created table {}", table.spec.name), Style::kGood);
  if (!changes.empty()) report.Say(Format("set {}", changes), Style::kGood);
  if (!created && changes.empty()) {
    report.Say(Format("table {} is as it should be", table.spec.name), Style::kGood);
  }
  DescribeTable(table, report);
  if (created) {
    report.Advise(session.CommandText("system set-defaults -l rpm:100 -l tpm:10000/min:50000"));
  }
  return ExitCode::kDone;
}

Result<ExitCode> ShowStatus(Session& session, Report& report) {
  ZAEL_ASSIGN(const StoreChoice choice, session.ChooseStore());
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  ZAEL_ASSIGN(const TableDescription table,
              repository->stores().tables->DescribeTable(repository->table_name()));
  ZAEL_ASSIGN(const VersionRecord version, repository->GetVersionRecord());
  const std::string missing = ChangesText(MissingSettings(table.spec, std::nullopt));
  DescribeChoice(choice, report);
  DescribeTable(table, report);
  report.Set("schema_version", "schema version", Cell::Text(version.schema_version));
  report.Set("client_min_version", "oldest client", Cell::Text(version.client_min_version));
  report.Set("healthy", "healthy", Cell::Flag(missing.empty()));
  if (missing.empty()) return ExitCode::kDone;
  report.Advise(Format("{} to set {}", session.CommandText("deploy"), missing));
  return ExitCode::kNo;
}

Result<ExitCode> DeleteTable(const DeleteOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  const std::string name = repository->table_name();
  TableAdmin& tables = *repository->stores().tables;
  ZAEL_ASSIGN(const TableDescription table, tables.DescribeTable(name));
  if (table.spec.deletion_protection) {
    session.SetNextStep(session.CommandText("deploy --deletion-protection off"));
    return Error(ErrorCode::kFailedPrecondition,
                 Format("delete table {}: it is protected; nothing was deleted", name));
  }
  if (!options.yes) {
    session.SetNextStep(session.CommandText("delete --yes"));
    return Error(ErrorCode::kInvalidArgument,
                 Format("delete table {}: would lose its {} records for good; --yes is needed to "
                        "say so",
                        name, table.item_count));
  }
  ZAEL_TRY(tables.DeleteTable(name));
  report.Say(Format("deleted table {} with {} records", name, table.item_count), Style::kGood);
  report.SetHidden("deleted", Datum(name));
  report.SetHidden("item_count", Datum(table.item_count));
  return ExitCode::kDone;
}

Result<ExitCode> ListTables(Session& session, Report& report) {
  ZAEL_ASSIGN(const StoreChoice choice, session.ChooseStore());
  ZAEL_ASSIGN(const OpenOptions open, session.MakeOpenOptions());
  Table list{.key = "limiters",
             .columns = {{"name", "LIMITER"},
                         {"table", "TABLE"},
                         {"item_count", "RECORDS", true},
                         {"created_at", "CREATED"}},
             .rows = {},
             .when_empty = "no limiters here"};
  // No table is named here, so the store is opened without one.
  std::optional<Stores> served;
  if (choice.kind == open::StoreKind::kEmbedded) {
    ZAEL_ASSIGN(served, open::ServedStores(open.data_dir));
  }
  const Result<Stores> stores =
      served.has_value() ? Result<Stores>(*served) : open::OpenStores(open);
  if (!stores.ok() && stores.error().code() != ErrorCode::kNotFound) return stores.error();
  if (stores.ok()) {
    ZAEL_ASSIGN(const std::vector<std::string> names, stores->tables->ListTables());
    for (const std::string& name : names) {
      if (!records::IsLimiterTable(name)) continue;
      ZAEL_ASSIGN(const TableDescription table, stores->tables->DescribeTable(name));
      list.rows.push_back({Cell::Text(records::LimiterName(name), Style::kStrong), Cell::Text(name),
                           Cell::Count(static_cast<std::int64_t>(table.item_count)),
                           Cell::Time(table.created_at)});
    }
  }
  const bool empty = list.rows.empty();
  DescribeChoice(choice, report);
  report.Add(std::move(list));
  if (empty) report.Advise(session.CommandText("deploy"));
  return ExitCode::kDone;
}

Result<ExitCode> ShowVersion(Session&, Report& report) {
  report.Set("version", "zae-limiter", Cell::Text(ZAEL_VERSION, Style::kStrong));
  return ExitCode::kDone;
}

}  // namespace

void AddDeployCommands(Command& root) {
  const auto deploy = std::make_shared<DeployOptions>();
  root.AddCommand(
          "deploy", "Make the table of a limiter, or put its settings right",
          [deploy](Session& session, Report& report) { return Deploy(*deploy, session, report); })
      .Option({.names = "--deletion-protection",
               .value_name = "ON",
               .help = "refuse to delete the table; on for a new one",
               .choices = {"on", "off"},
               .target = &deploy->protection})
      .Example("zae-limiter deploy")
      .Example("zae-limiter deploy --name demo --data-dir ./demo-data");
  const auto remove = std::make_shared<DeleteOptions>();
  root.AddCommand("delete", "Delete the table of a limiter, unless it is protected",
                  [remove](Session& session, Report& report) {
                    return DeleteTable(*remove, session, report);
                  })
      .Option({.names = "--yes",
               .value_name = "",
               .help = "really: every record is lost",
               .choices = {},
               .target = &remove->yes})
      .Example("zae-limiter deploy --deletion-protection off && zae-limiter delete --yes");
  root.AddCommand("status", "Show the table; exit 1 when its settings are not right", ShowStatus)
      .Example("zae-limiter status --json");
  root.AddCommand("list", "List the limiters of the store", ListTables).Example("zae-limiter list");
  root.AddCommand("version", "Show the version of this program", ShowVersion)
      .Example("zae-limiter version");
}

}  // namespace zael::cli
