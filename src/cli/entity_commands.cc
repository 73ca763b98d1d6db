// `entity`: who is limited: create, show, list, update, delete, children. Limits:
// entity_limits_commands.cc.
#include <algorithm>
#include <memory>

#include "base/format.h"
#include "base/try.h"
#include "cli/amounts.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "cli/session.h"

namespace zael::cli {
namespace {

constexpr std::int64_t kMostListed = 1'000'000;
constexpr std::int64_t kPageSize = 500;

struct EntityOptions {
  std::string id;
  std::optional<std::string> name, parent, cascade_choice;
  std::vector<std::string> metadata;
  bool cascade = false;
  bool no_parent = false;
  std::int64_t most = 1000;
};

Datum MetadataDatum(const Metadata& metadata) {
  Datum::Object object;
  for (const auto& [key, value] : metadata) object.emplace_back(key, Datum(value));
  return Datum(std::move(object));
}

std::string MetadataText(const Metadata& metadata) {
  std::string text;
  for (const auto& [key, value] : metadata) {
    text += Format("{}{}={}", text.empty() ? "" : ", ", Printable(key), Printable(value));
  }
  return text.empty() ? "-" : text;
}

Cell ParentCell(const Entity& entity) {
  return entity.parent_id ? Cell::Text(*entity.parent_id) : Cell::None();
}

void ShowEntity(const Entity& entity, Report& report) {
  report.Set("id", "entity", Cell::Text(entity.id, Style::kStrong));
  report.Set("name", "name", Cell::Text(entity.name));
  report.Set("parent", "parent", ParentCell(entity));
  report.Set("cascade", "cascade", Cell::Flag(entity.cascade));
  report.Set("metadata", "metadata",
             Cell{MetadataDatum(entity.metadata), MetadataText(entity.metadata)});
  report.Set("created_at", "created", Cell::Time(entity.created_at));
}

Table EntityTable(std::string when_empty) {
  return {.key = "entities",
          .columns = {{"id", "ENTITY"},
                      {"name", "NAME"},
                      {"parent", "PARENT"},
                      {"cascade", "CASCADE"},
                      {"metadata", "METADATA"},
                      {"created_at", "CREATED"}},
          .rows = {},
          .when_empty = std::move(when_empty)};
}

void AddRow(const Entity& entity, Table& table) {
  table.rows.push_back({Cell::Text(entity.id, Style::kStrong), Cell::Text(entity.name),
                        ParentCell(entity), Cell::Flag(entity.cascade),
                        Cell{MetadataDatum(entity.metadata), MetadataText(entity.metadata)},
                        Cell::Time(entity.created_at)});
}

Result<ExitCode> CreateEntity(const EntityOptions& options, Session& session, Report& report) {
  Entity entity{.id = options.id, .name = options.name.value_or("")};
  entity.parent_id = options.parent;
  entity.cascade = options.cascade;
  ZAEL_ASSIGN(entity.metadata, ParseMetadata("--metadata", options.metadata));
  if (entity.cascade && !entity.parent_id) {
    session.SetNextStep("add --parent ENTITY");
    return Error(ErrorCode::kInvalidArgument,
                 "read --cascade: without --parent there is nobody else to charge");
  }
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  const Result<Entity> created = repository->entities().Create(entity);
  if (!created.ok()) {
    if (created.error().code() == ErrorCode::kAlreadyExists) {
      session.SetNextStep(session.CommandText("entity update " + options.id));
    } else if (created.error().code() == ErrorCode::kNotFound && entity.parent_id) {
      session.SetNextStep(session.CommandText("entity create " + *entity.parent_id));
    }
    return created.error();
  }
  report.Say(Format("created entity {}", created->id), Style::kGood);
  ShowEntity(*created, report);
  return ExitCode::kDone;
}

Error NotFoundError(Session& session, const Error& error) {
  if (error.code() == ErrorCode::kNotFound) session.SetNextStep(session.CommandText("entity list"));
  return error;
}

Result<ExitCode> GetEntity(const EntityOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  const Result<Entity> entity = repository->entities().Get(options.id);
  if (!entity.ok()) return NotFoundError(session, entity.error());
  ShowEntity(*entity, report);
  return ExitCode::kDone;
}

Result<ExitCode> UpdateEntity(const EntityOptions& options, Session& session, Report& report) {
  EntityUpdate update;
  update.name = options.name;
  if (!options.metadata.empty()) {
    ZAEL_ASSIGN(update.metadata, ParseMetadata("--metadata", options.metadata));
  }
  if (options.no_parent && options.parent) {
    return Error(ErrorCode::kInvalidArgument, "read --no-parent: given together with --parent");
  }
  if (options.parent) update.parent_id = options.parent;
  if (options.no_parent) update.parent_id = std::optional<std::string>();
  if (options.cascade_choice) update.cascade = *options.cascade_choice == "on";
  if (!update.name && !update.metadata && !update.parent_id && !update.cascade) {
    session.SetNextStep(Format("zae-limiter entity update {} --label NAME", options.id));
    return Error(ErrorCode::kInvalidArgument,
                 Format("update entity {}: nothing to change was given", options.id));
  }
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  const Result<Entity> updated = repository->entities().Update(options.id, update);
  if (!updated.ok()) return NotFoundError(session, updated.error());
  report.Say(Format("updated entity {}", updated->id), Style::kGood);
  ShowEntity(*updated, report);
  return ExitCode::kDone;
}

Result<ExitCode> DeleteEntity(const EntityOptions& options, Session& session, Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  const Status deleted = repository->entities().Delete(options.id);
  if (!deleted.ok()) {
    if (deleted.error().code() == ErrorCode::kFailedPrecondition) {
      session.SetNextStep(session.CommandText("entity children " + options.id));
    }
    return NotFoundError(session, deleted.error());
  }
  report.Say(
      Format("deleted entity {} with its buckets and limits; its audit events stay", options.id),
      Style::kGood);
  report.SetHidden("deleted", Datum(options.id));
  return ExitCode::kDone;
}

Result<ExitCode> ListEntities(const EntityOptions& options, bool children, Session& session,
                              Report& report) {
  ZAEL_ASSIGN(const std::shared_ptr<Repository> repository, session.OpenTable());
  Entities& entities = repository->entities();
  Table table = EntityTable(children ? Format("{} has no children", options.id) : "no entities");
  std::optional<std::string> next;
  do {
    const std::int64_t left = options.most - static_cast<std::int64_t>(table.rows.size());
    const auto page_size = static_cast<std::size_t>(std::min(left, kPageSize));
    ZAEL_ASSIGN(const EntityPage page, children ? entities.Children(options.id, page_size, next)
                                                : entities.List(page_size, next));
    for (const Entity& entity : page.entities) AddRow(entity, table);
    next = page.next;
  } while (next && static_cast<std::int64_t>(table.rows.size()) < options.most);
  std::sort(table.rows.begin(), table.rows.end(),
            [](const auto& left, const auto& right) { return left[0].text < right[0].text; });
  report.SetHidden("truncated", Datum(next.has_value()));
  const bool empty = table.rows.empty();
  report.Add(std::move(table));
  if (next) report.Advise(Format("there are more: --max {}", options.most * 10));
  if (empty && !children) report.Advise(session.CommandText("entity create api-key-1"));
  return ExitCode::kDone;
}

using Handler = Result<ExitCode> (*)(const EntityOptions&, Session&, Report&);

Command& AddHandler(Command& group, const char* name, const char* about, Handler handler,
                    const std::shared_ptr<EntityOptions>& options) {
  return group.AddCommand(name, about, [handler, options](Session& session, Report& report) {
    return handler(*options, session, report);
  });
}

void AddValueOptions(Command& command, EntityOptions& options) {
  command
      .Option({.names = "--label",
               .value_name = "TEXT",
               .help = "a name for people",
               .choices = {},
               .target = &options.name})
      .Option({.names = "--parent",
               .value_name = "ENTITY",
               .help = "the entity above",
               .choices = {},
               .target = &options.parent})
      .Option({.names = "--metadata,-m",
               .value_name = "KEY=VALUE",
               .help = "text kept with it",
               .choices = {},
               .target = &options.metadata});
}

void AddListCommands(Command& group, const std::shared_ptr<EntityOptions>& options) {
  const OptionSpec most{.names = "--max",
                        .value_name = "N",
                        .help = "show at most so many; default 1000",
                        .choices = {},
                        .target = NumberTarget{&options->most, 1, kMostListed}};
  group
      .AddCommand("list", "List entities",
                  [options](Session& session, Report& report) {
                    return ListEntities(*options, false, session, report);
                  })
      .Option(most)
      .Example("zae-limiter entity list --json");
  group
      .AddCommand("children", "List the entities below one",
                  [options](Session& session, Report& report) {
                    return ListEntities(*options, true, session, report);
                  })
      .Argument("ENTITY", &options->id, "the parent")
      .Option(most)
      .Example("zae-limiter entity children project-1");
}

}  // namespace

void AddEntityCommands(Command& root) {
  const auto options = std::make_shared<EntityOptions>();
  Command& group = root.AddGroup("entity", "Who is limited, and their own limits");
  Command& create = AddHandler(group, "create", "Create an entity", CreateEntity, options)
                        .Argument("ENTITY", &options->id, "its id");
  AddValueOptions(create, *options);
  create
      .Option({.names = "--cascade",
               .value_name = "",
               .help = "an acquire also charges the parent",
               .choices = {},
               .target = &options->cascade})
      .Example("zae-limiter entity create project-1 --label 'Search team'")
      .Example("zae-limiter entity create api-key-1 --parent project-1 --cascade -m owner=ana");
  AddHandler(group, "show", "Show an entity", GetEntity, options)
      .Argument("ENTITY", &options->id, "its id")
      .Example("zae-limiter entity show api-key-1");
  AddListCommands(group, options);
  Command& update = AddHandler(group, "update", "Change an entity", UpdateEntity, options)
                        .Argument("ENTITY", &options->id, "its id");
  AddValueOptions(update, *options);
  update
      .Option({.names = "--no-parent",
               .value_name = "",
               .help = "leave the parent",
               .choices = {},
               .target = &options->no_parent})
      .Option({.names = "--cascade",
               .value_name = "ON",
               .help = "whether an acquire also charges the parent",
               .choices = {"on", "off"},
               .target = &options->cascade_choice})
      .Example("zae-limiter entity update api-key-1 --cascade off");
  AddHandler(group, "delete", "Delete an entity, its buckets and limits", DeleteEntity, options)
      .Argument("ENTITY", &options->id, "its id")
      .Example("zae-limiter entity delete api-key-1");
  AddEntityLimitsCommands(group);
}

}  // namespace zael::cli
