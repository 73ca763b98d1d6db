#include "repository/entities.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "limit/names.h"
#include "records/attributes.h"
#include "records/entity_record.h"
#include "records/fields.h"
#include "records/keys.h"
#include "repository/entity_checks.h"

namespace zael::repository {
namespace {

using namespace records;  // NOLINT: keys and attribute names

constexpr std::size_t kShownChildren = 3;

// A parent exists and has no parent of its own.
CheckRequest ParentCheck(const std::string& table, std::string_view parent_id) {
  return {.table = table,
          .key = EntityKey(parent_id),
          .condition = All(
              {Exists(kPk),
               Any({NotExists(kParentId), Condition{AttributeType{Path(kParentId), "NULL"}}})})};
}

Error ParentRefusal(std::string_view verb, const Entity& entity,
                    const TransactCancellation& cancellation) {
  const std::string what =
      Format("{} entity {}: parent {}", verb, Shorten(entity.id), Shorten(*entity.parent_id));
  if (!cancellation.item) return {ErrorCode::kNotFound, what + " does not exist, create it first"};
  return {ErrorCode::kFailedPrecondition,
          what + " has a parent of its own, there are two levels only"};
}

Error OwnParent(std::string_view verb, std::string_view id) {
  return {ErrorCode::kFailedPrecondition,
          Format("{} entity {}: it cannot be its own parent", verb, Shorten(id))};
}

Error NoEntity(std::string_view verb, std::string_view id) {
  return {ErrorCode::kNotFound, Format("{} entity {}: it does not exist", verb, Shorten(id))};
}

void Apply(const EntityUpdate& update, Entity& entity) {
  if (update.name) entity.name = update.name->empty() ? entity.id : *update.name;
  if (update.metadata) entity.metadata = *update.metadata;
  if (update.parent_id) entity.parent_id = *update.parent_id;
  if (update.cascade) entity.cascade = *update.cascade;
}

UpdateActions ActionsOf(const EntityUpdate& update, const Entity& entity) {
  UpdateActions actions;
  if (update.name) actions.push_back(Assign(kName, entity.name));
  if (update.metadata) actions.push_back(Assign(kMetadata, EncodeMetadata(entity.metadata)));
  if (update.cascade) actions.push_back(Assign(kCascade, entity.cascade));
  if (update.parent_id) {
    actions.push_back(Assign(kParentId, TextOrNull(entity.parent_id)));
    actions.push_back(entity.parent_id ? Assign(kGsi1Pk, ParentPk(*entity.parent_id))
                                       : RemoveFrom(kGsi1Pk));
    actions.push_back(entity.parent_id ? Assign(kGsi1Sk, ChildSk(entity.id)) : RemoveFrom(kGsi1Sk));
  }
  return actions;
}

std::map<std::string, std::string, std::less<>> DetailsOf(const EntityUpdate& update,
                                                          const Entity& entity) {
  std::map<std::string, std::string, std::less<>> details;
  if (update.name) details.emplace(kName, entity.name);
  if (update.metadata) details.emplace(kMetadata, Format("{} entries", entity.metadata.size()));
  if (update.cascade) details.emplace(kCascade, entity.cascade ? "true" : "false");
  if (update.parent_id) details.emplace(kParentId, entity.parent_id.value_or("none"));
  return details;
}

bool Failed(const TransactCancellation& cancellation) {
  return cancellation.reason == CancelReason::kConditionFailed;
}

}  // namespace

Result<Entity> TableEntities::Create(Entity entity) {
  ZAEL_TRY(ValidateEntity(entity));
  if (entity.parent_id == entity.id) return OwnParent("create", entity.id);
  if (entity.name.empty()) entity.name = entity.id;
  entity.created_at = std::chrono::floor<std::chrono::seconds>(session_.clock().WallNow());
  const auto attempt = [&]() -> Result<Attempt> {
    std::vector<TransactItem> writes;
    writes.push_back(PutRequest{
        .table = session_.table(), .item = EncodeEntity(entity), .condition = NotExists(kPk)});
    if (entity.parent_id) writes.push_back(ParentCheck(session_.table(), *entity.parent_id));
    AuditEntry entry{.subject = entity.id, .action = kEntityCreated, .resource = {}, .details = {}};
    if (entity.parent_id) entry.details.emplace(kParentId, *entity.parent_id);
    ZAEL_ASSIGN(const TransactOutcome outcome,
                session_.Commit(std::move(writes), std::move(entry)));
    if (outcome.applied) return Attempt::kDone;
    if (Failed(outcome.cancellations[0])) {
      return Error(ErrorCode::kAlreadyExists,
                   Format("create entity {}: it exists", Shorten(entity.id)));
    }
    if (entity.parent_id && Failed(outcome.cancellations[1])) {
      return ParentRefusal("create", entity, outcome.cancellations[1]);
    }
    return Attempt::kLostRace;
  };
  const Status created = session_.Retry(Format("create entity {}", Shorten(entity.id)), attempt);
  session_.Notify([&](ConfigObserver& observer) { observer.OnEntityChanged(entity.id); });
  ZAEL_TRY(created);
  return entity;
}

Result<TableEntities::Seen> TableEntities::Read(std::string_view id) {
  ZAEL_ASSIGN(std::optional<Item> item, session_.Get(EntityKey(id)));
  if (!item) return NoEntity("get", id);
  ZAEL_ASSIGN(Entity entity, DecodeEntity(*item));
  return Seen{*std::move(item), std::move(entity)};
}

Result<Entity> TableEntities::Get(std::string_view id) {
  ZAEL_TRY(limit::ValidateIdentifier("entity_id", id));
  ZAEL_ASSIGN(Seen seen, Read(id));
  return std::move(seen.entity);
}

Result<std::vector<std::string>> TableEntities::SomeChildren(std::string_view id) {
  ZAEL_ASSIGN(const EntityPage page, Children(id, kShownChildren, std::nullopt));
  std::vector<std::string> ids;
  for (const Entity& child : page.entities) ids.push_back(child.id);
  return ids;
}

Status TableEntities::RequireNoChildren(std::string_view verb, std::string_view id) {
  ZAEL_ASSIGN(const std::vector<std::string> children, SomeChildren(id));
  if (children.empty()) return {};
  std::string shown;
  for (const std::string& child : children) shown += (shown.empty() ? "" : ", ") + Shorten(child);
  return Error(
      ErrorCode::kFailedPrecondition,
      Format("{} entity {}: it has children ({}), delete them or give them another parent first",
             verb, Shorten(id), shown));
}

Result<Attempt> TableEntities::TryUpdate(const EntityUpdate& update, Entity& entity) {
  ZAEL_ASSIGN(Seen seen, Read(entity.id));
  entity = std::move(seen.entity);
  Apply(update, entity);
  ZAEL_TRY(ValidateEntity(entity));
  const bool checks_parent = update.parent_id && entity.parent_id;
  if (checks_parent && entity.parent_id == entity.id) return OwnParent("update", entity.id);
  if (checks_parent) {
    ZAEL_TRY(RequireNoChildren("update", entity.id));
  }
  UpdateActions actions = ActionsOf(update, entity);
  if (actions.empty()) return Attempt::kDone;

  std::vector<TransactItem> writes;
  writes.push_back(UpdateRequest{
      .table = session_.table(),
      .key = EntityKey(entity.id),
      .condition = All({Exists(kPk), AsSeen(seen.item, kParentId), AsSeen(seen.item, kCascade)}),
      .actions = std::move(actions)});
  if (checks_parent) writes.push_back(ParentCheck(session_.table(), *entity.parent_id));
  AuditEntry entry{.subject = entity.id,
                   .action = kEntityUpdated,
                   .resource = {},
                   .details = DetailsOf(update, entity)};
  ZAEL_ASSIGN(const TransactOutcome outcome, session_.Commit(std::move(writes), std::move(entry)));
  if (outcome.applied) return Attempt::kDone;
  if (checks_parent && Failed(outcome.cancellations[1])) {
    return ParentRefusal("update", entity, outcome.cancellations[1]);
  }
  return Attempt::kLostRace;
}

Result<Entity> TableEntities::Update(std::string_view id, const EntityUpdate& update) {
  ZAEL_TRY(limit::ValidateIdentifier("entity_id", id));
  Entity entity;
  const Status updated = session_.Retry(Format("update entity {}", Shorten(id)), [&] {
    entity.id = std::string(id);
    return TryUpdate(update, entity);
  });
  session_.Notify([&](ConfigObserver& observer) { observer.OnEntityChanged(id); });
  ZAEL_TRY(updated);
  return entity;
}

Result<std::size_t> TableEntities::RemoveAllButEntity(std::string_view id) {
  QueryRequest query;
  query.table = session_.table();
  query.hash = Value(EntityPk(id));
  std::size_t removed = 0;
  while (true) {
    ZAEL_ASSIGN(QueryPage page, session_.options().stores.items->Query(query));
    std::vector<TransactItem> deletes;
    for (auto item = page.items.begin(); item != page.items.end(); ++item) {
      if (!IsEntityRecord(*item))
        deletes.push_back(DeleteRequest{.table = session_.table(), .key = KeyOf(*item)});
      const bool is_last = item + 1 == page.items.end();
      if (deletes.empty() || (deletes.size() < kMaxTransactItems && !is_last)) continue;
      ZAEL_TRY(session_.Retry(Format("delete entity {}", Shorten(id)), [&]() -> Result<Attempt> {
        ZAEL_ASSIGN(const TransactOutcome outcome,
                    session_.options().stores.items->TransactWrite(
                        {.items = deletes, .token = {}, .deadline = {}}));
        return outcome.applied ? Attempt::kDone : Attempt::kLostRace;
      }));
      removed += deletes.size();
      deletes.clear();
    }
    if (!page.next) return removed;
    query.start_after = std::move(page.next);
  }
}

// The entity's own record goes last, so that a Delete that failed half-way finds it again.
Result<Attempt> TableEntities::TryDelete(std::string_view id, std::size_t& removed) {
  ZAEL_TRY(RequireNoChildren("delete", id));
  ZAEL_ASSIGN(const std::optional<Item> record, session_.Get(EntityKey(id)));
  ZAEL_ASSIGN(const std::size_t count, RemoveAllButEntity(id));
  removed += count;
  if (!record && removed == 0) return NoEntity("delete", id);
  std::vector<TransactItem> writes;
  if (record) {
    writes.push_back(
        DeleteRequest{.table = session_.table(), .key = EntityKey(id), .condition = Exists(kPk)});
  }
  AuditEntry entry{.subject = std::string(id),
                   .action = kEntityDeleted,
                   .resource = {},
                   .details = {{"records_removed", Format("{}", removed + writes.size())}}};
  ZAEL_ASSIGN(const TransactOutcome outcome, session_.Commit(std::move(writes), std::move(entry)));
  return outcome.applied ? Attempt::kDone : Attempt::kLostRace;
}

Status TableEntities::Delete(std::string_view id) {
  ZAEL_TRY(limit::ValidateIdentifier("entity_id", id));
  std::size_t removed = 0;
  const Status deleted = session_.Retry(Format("delete entity {}", Shorten(id)),
                                        [&] { return TryDelete(id, removed); });
  session_.Notify([&](ConfigObserver& observer) {
    observer.OnEntityChanged(id);
    observer.OnBucketsChanged(id);
  });
  return deleted;
}

Result<EntityPage> TableEntities::Page(QueryRequest query, std::size_t max_entities,
                                       std::optional<std::string> next) {
  if (max_entities == 0) {
    return Error(ErrorCode::kInvalidArgument,
                 "list entities: max_entities is 0, must be at least 1");
  }
  if (next) {
    ZAEL_ASSIGN(query.start_after, DecodePlace(*next));
  }
  ZAEL_ASSIGN(QueryPage page, session_.QuerySome(std::move(query), max_entities));
  EntityPage answer;
  answer.entities.reserve(page.items.size());
  for (const Item& item : page.items) {
    ZAEL_ASSIGN(Entity entity, DecodeEntity(item));
    answer.entities.push_back(std::move(entity));
  }
  if (page.next) answer.next = EncodePlace(*page.next);
  return answer;
}

Result<EntityPage> TableEntities::List(std::size_t max_entities, std::optional<std::string> next) {
  QueryRequest scan;
  scan.table = session_.table();
  scan.filter = All({Equal(kSk, kMetaSk), Condition{BeginsWith{Path(kPk), Value(EntityPk(""))}}});
  return Page(std::move(scan), max_entities, std::move(next));
}

Result<EntityPage> TableEntities::Children(std::string_view id, std::size_t max_entities,
                                           std::optional<std::string> next) {
  ZAEL_TRY(limit::ValidateIdentifier("entity_id", id));
  QueryRequest query;
  query.table = session_.table();
  query.index = std::string(kGsi1);
  query.hash = Value(ParentPk(id));
  query.range = Condition{BeginsWith{Path(kGsi1Sk), Value(kChildSkPrefix)}};
  return Page(std::move(query), max_entities, std::move(next));
}

}  // namespace zael::repository
