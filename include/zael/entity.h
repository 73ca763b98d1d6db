// Entities: who is limited (an API key, a user, a project), and the facet that manages them.
//
// An entity needs no record to be limited; a record gives it a name, metadata and a parent. With
// `cascade` an acquire on the child also charges the parent, exactly two levels. Design:
// semantics.md 4 and 7, records.md.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zael {

using Metadata = std::map<std::string, std::string, std::less<>>;

struct Entity {
  std::string id;    // [A-Za-z0-9][A-Za-z0-9_.:@-]*, at most 256 bytes
  std::string name;  // for people; empty means the id
  std::optional<std::string> parent_id;
  bool cascade = false;   // needs a parent
  Metadata metadata;      // text to text, at most 32 entries of 1,024 bytes each
  WallTime created_at{};  // set by Create, to the second

  friend bool operator==(const Entity&, const Entity&) = default;
};

// What Update changes; an absent member stays as it is.
struct EntityUpdate {
  std::optional<std::string> name;
  std::optional<Metadata> metadata;
  std::optional<std::optional<std::string>> parent_id;  // set to nullopt: leaves its parent
  std::optional<bool> cascade;
};

struct EntityPage {
  std::vector<Entity> entities;     // in no promised order for List, by id for Children
  std::optional<std::string> next;  // opaque: pass to the next call; absent on the last page
};

// Thread-safe. Every change is audited in the same transaction and evicts cached configuration of
// this process.
class Entities {
 public:
  virtual ~Entities() = default;

  // Errors: kInvalidArgument, kAlreadyExists, kNotFound (the parent), kFailedPrecondition (the
  // parent is the entity itself or has a parent of its own: two levels only).
  virtual Result<Entity> Create(Entity entity) = 0;

  // Errors: kNotFound, kDataLoss.
  virtual Result<Entity> Get(std::string_view id) = 0;

  // Errors: kNotFound, kInvalidArgument, kFailedPrecondition as Create.
  virtual Result<Entity> Update(std::string_view id, const EntityUpdate& update) = 0;

  // Removes the record, its buckets, limits and usage; audit events stay. Resumable: calling again
  // after a failure finishes the work. Errors: kNotFound, kFailedPrecondition (it still has
  // children).
  virtual Status Delete(std::string_view id) = 0;

  virtual Result<EntityPage> List(std::size_t max_entities, std::optional<std::string> next) = 0;
  virtual Result<EntityPage> Children(std::string_view id, std::size_t max_entities,
                                      std::optional<std::string> next) = 0;
};

}  // namespace zael
