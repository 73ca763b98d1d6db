// TableCodec: the calls about tables, and what their answers say. No I/O, no waiting.
//
// One wish of the store (create with expiry, change the tags) is several calls here; table_admin.h
// puts them in order. Pure functions. Errors of the readers: kUnavailable, as in item_answers.h.
// Facts: dynamodb-api.md 1.2, 1.7.
#pragma once

#include <zael/result.h>
#include <zael/store.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamo/call.h"

namespace zael::dynamo {

using Tags = std::map<std::string, std::string>;

// On demand, with indexes of projection ALL, stream and protection as the spec says; its expiry is
// a call of its own.
Call RenderCreateTable(const TableSpec& spec);
Call RenderDescribeTable(std::string_view table);
Call RenderDeleteTable(std::string_view table);
Call RenderListTables(const std::optional<std::string>& after);
// DynamoDB takes each change of a table alone.
Call RenderProtection(std::string_view table, bool on);
Call RenderStream(std::string_view table, bool on);
Call RenderTimeToLive(std::string_view table, std::string_view attribute, bool on);
Call RenderDescribeTimeToLive(std::string_view table);
Call RenderListTags(std::string_view arn, const std::optional<std::string>& next);
Call RenderTag(std::string_view arn, const Tags& tags);
Call RenderUntag(std::string_view arn, const std::vector<std::string>& keys);

// What DescribeTable tells: `description` without expiry and tags.
struct TableState {
  TableDescription description;
  std::string arn;
  std::string stream_arn;  // empty: there was never a stream
  bool active = false;     // it and all its indexes
};
// Also of CreateTable, UpdateTable and DeleteTable.
Result<TableState> ReadTable(std::string body);

// Absent: switched off, or about to be.
Result<std::optional<std::string>> ReadTimeToLive(std::string body);

struct TableNames {
  std::vector<std::string> names;
  std::optional<std::string> next;
};
Result<TableNames> ReadTableNames(std::string body);

struct TagPage {
  Tags tags;
  std::optional<std::string> next;
};
Result<TagPage> ReadTags(std::string body);

}  // namespace zael::dynamo
