// Tags: TagResource, UntagResource, ListTagsOfResource, and the Tags of CreateTable.
//
// Facts: dynamodb-api.md 1.2 (Tags).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "endpoint/dispatcher.h"
#include "endpoint/request_members.h"
#include "endpoint/tables/table_plane.h"

namespace zael::endpoint {

inline constexpr std::size_t kMaxTags = 50;

struct Tag {
  std::optional<std::string> key, value;  // as given
};
using TagList = std::vector<Tag>;

// The member Tags, absent when it is.
std::optional<TagList> ReadTags(Members& request, Presence presence);

// Puts them into `tags`, replacing those of the same keys. Errors: ValidationException.
ApiStatus AddTags(const TagList& added, std::map<std::string, std::string>& tags);

CallerOperations TagOperations(std::shared_ptr<TablePlane> plane);

}  // namespace zael::endpoint
