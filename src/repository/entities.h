// TableEntities: the Entities facet over a table.
#pragma once

#include <zael/entity.h>

#include "repository/table_session.h"

namespace zael::repository {

// Thread-safe. Keep the session alive.
class TableEntities final : public Entities {
 public:
  explicit TableEntities(TableSession& session) : session_(session) {}

  Result<Entity> Create(Entity entity) override;
  Result<Entity> Get(std::string_view id) override;
  Result<Entity> Update(std::string_view id, const EntityUpdate& update) override;
  Status Delete(std::string_view id) override;
  Result<EntityPage> List(std::size_t max_entities, std::optional<std::string> next) override;
  Result<EntityPage> Children(std::string_view id, std::size_t max_entities,
                              std::optional<std::string> next) override;

 private:
  struct Seen {
    Item item;
    Entity entity;
  };

  Result<Seen> Read(std::string_view id);
  Result<std::vector<std::string>> SomeChildren(std::string_view id);
  Status RequireNoChildren(std::string_view verb, std::string_view id);
  Result<Attempt> TryUpdate(const EntityUpdate& update, Entity& entity);
  Result<Attempt> TryDelete(std::string_view id, std::size_t& removed);
  Result<std::size_t> RemoveAllButEntity(std::string_view id);
  Result<EntityPage> Page(QueryRequest query, std::size_t max_entities,
                          std::optional<std::string> next);

  TableSession& session_;
};

}  // namespace zael::repository
