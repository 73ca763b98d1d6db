// MemoryTable: one table of a MemoryStore, and the steps of a write: judge it first, make it later.
//
// Rows and index entries are kept in maps by their encoded keys, so that walking a map is walking
// an index. Thread-compatible: the MemoryStore's mutex guards it.
#pragma once

#include <zael/store.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace zael::testing {

struct MemoryTable {
  TableSpec spec;
  std::string id;
  WallTime created_at{};
  std::map<std::string, Item> rows;  // by encoded key
  // Per index of the spec: encoded index key and key, to the encoded key.
  std::vector<std::map<std::string, std::string>> indexes;
  std::deque<Change> changes;
};

struct RememberedToken {
  std::string keys;  // of all members: another list under the same token is refused
  MonotonicTime until;
};

struct MemoryContents {
  std::map<std::string, MemoryTable, std::less<>> tables;
  std::map<std::string, RememberedToken> tokens;
  ChangePosition position = 0;
  std::uint64_t tables_made = 0;
};

// A write that was judged but not made yet.
struct PlannedWrite {
  MemoryTable* table = nullptr;
  std::string row;
  const Item* old = nullptr;
  std::optional<Item> updated;  // absent with `writes`: removal
  bool holds = false;
  bool writes = false;
};

std::string RowKey(const MemoryTable& table, const Item& item);

// Validates and judges; changes nothing. Errors: kInvalidArgument.
Result<PlannedWrite> Plan(MemoryTable& table, const PutRequest& request);
Result<PlannedWrite> Plan(MemoryTable& table, const UpdateRequest& request);
Result<PlannedWrite> Plan(MemoryTable& table, const DeleteRequest& request);
Result<PlannedWrite> Plan(MemoryTable& table, const CheckRequest& request);

// Rows, indexes and the change record. Requires: the plan holds and writes.
void Perform(PlannedWrite& plan, ChangePosition position, WallTime now, bool by_expiry);

// Errors: kInvalidArgument.
Result<QueryPage> RunQuery(const MemoryTable& table, const QueryRequest& request);

// Whether the item's ttl lies before `now_seconds`, but not five years before.
bool IsExpired(const Item& item, const std::string& attribute, std::int64_t now_seconds);

}  // namespace zael::testing
