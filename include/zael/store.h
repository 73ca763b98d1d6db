// The store contract: what the limiter needs of whatever keeps its table, shaped like DynamoDB.
//
// Items addressed by (hash, range) key, conditional writes, transactions, queries on indexes, a
// change feed. A lost conditional write is an outcome, not an error. Implementations: the embedded
// engine; DynamoDB later; tests bring their own. The conformance suite (tests/conformance) says
// what every one must do.
//
// Errors of every call, unless said otherwise: kInvalidArgument, kNotFound (the table),
// kUnavailable, kResourceExhausted, kDeadlineExceeded (a write may have happened),
// kPermissionDenied, kDataLoss. Design: storage.md.
#pragma once

#include <zael/clock.h>
#include <zael/expression.h>
#include <zael/number_update.h>
#include <zael/value.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zael {

inline constexpr std::size_t kMaxTransactItems = 100;
inline constexpr std::size_t kMaxBatchGetKeys = 100;
inline constexpr std::size_t kMaxItemBytes = 400 * 1024;
inline constexpr std::size_t kMaxNotesBytes = 64 * 1024;

// The key attributes of one item, and nothing else.
using Key = Item;
using Deadline = std::optional<MonotonicTime>;

// kUpdatedNew: of the new item only the attributes that the actions of an update name, all of them
// top-level; those removed are not in it.
enum class ReturnItem { kNone, kOld, kNew, kUpdatedNew };

struct GetRequest {
  std::string table;
  Key key;
  Deadline deadline;
};
struct BatchGetRequest {
  std::string table;
  std::vector<Key> keys;  // at most kMaxBatchGetKeys, no duplicates
  Deadline deadline;
};
struct PutRequest {
  std::string table;
  Item item;
  std::optional<Condition> condition;
  ReturnItem return_item = ReturnItem::kNone;  // kUpdatedNew is meaningless here
  Deadline deadline;
};
struct UpdateRequest {  // an upsert: without a condition an absent item is made from its key
  std::string table;
  Key key;
  std::optional<Condition> condition;
  UpdateActions actions;
  ReturnItem return_item = ReturnItem::kNone;
  Deadline deadline;
};
struct DeleteRequest {
  std::string table;
  Key key;
  std::optional<Condition> condition;
  ReturnItem return_item = ReturnItem::kNone;  // kOld, or nothing
  Deadline deadline;
};
struct CheckRequest {
  std::string table;
  Key key;
  Condition condition;
};

// Whether the condition held and the write was made. `item`: when applied, as return_item asked;
// when not, the item that failed the condition, absent when there is none.
struct WriteOutcome {
  bool applied = false;
  std::optional<Item> item;
};

using TransactItem = std::variant<PutRequest, UpdateRequest, DeleteRequest,
                                  CheckRequest>;  // members' deadlines are ignored
struct TransactWriteRequest {
  std::vector<TransactItem> items;  // 1 to kMaxTransactItems, each key once
  // The same token with the same items within ten minutes is the same transaction. A store whose
  // answers can get lost must honour it; the embedded engine, whose answers cannot, ignores it.
  std::string token;
  Deadline deadline;
};
enum class CancelReason { kNone, kConditionFailed, kConflict };
struct TransactCancellation {
  CancelReason reason = CancelReason::kNone;
  std::optional<Item> item;  // the item that failed the condition
};
struct TransactOutcome {
  bool applied = false;
  std::vector<TransactCancellation> cancellations;  // one per item, in order; empty when applied
};

struct QueryRequest {
  std::string table;
  std::string index;                // empty: the table itself
  std::optional<Value> hash;        // absent: scan everything
  std::optional<Condition> range;   // on the range attribute: comparison, Between or BeginsWith
  std::optional<Condition> filter;  // after reading, before answering
  std::size_t max_items = 1000;     // read, before the filter; a page also ends at 1 MB
  bool ascending = true;            // of the range key
  std::optional<Key> start_after;   // the `next` of the page before
  Deadline deadline;
};
struct QueryPage {
  std::vector<Item> items;
  std::optional<Key> next;  // absent: nothing more. A page may be empty and still have a next
};

// Thread-safe. Reads see every write answered before they began; index queries too on the embedded
// engine.
class ItemStore {
 public:
  virtual ~ItemStore() = default;
  virtual Result<std::optional<Item>> Get(const GetRequest& request) = 0;
  // The items that exist, in no promised order; never a partial answer.
  virtual Result<std::vector<Item>> BatchGet(const BatchGetRequest& request) = 0;
  virtual Result<WriteOutcome> Put(const PutRequest& request) = 0;
  virtual Result<WriteOutcome> Update(const UpdateRequest& request) = 0;
  virtual Result<WriteOutcome> Delete(const DeleteRequest& request) = 0;
  virtual Result<TransactOutcome> TransactWrite(const TransactWriteRequest& request) = 0;
  virtual Result<QueryPage> Query(const QueryRequest& request) = 0;

  // Does what Update does, with the same errors, and answers with the numbers. This one asks
  // Update; a store that can do it cheaper overrides it.
  virtual Result<NumberOutcome> UpdateNumbers(const NumberUpdate& update);
};

// Any request of an ItemStore, and any answer.
using StoreRequest = std::variant<GetRequest, BatchGetRequest, PutRequest, UpdateRequest,
                                  DeleteRequest, TransactWriteRequest, QueryRequest>;
using StoreAnswer = std::variant<Result<std::optional<Item>>, Result<std::vector<Item>>,
                                 Result<WriteOutcome>, Result<TransactOutcome>, Result<QueryPage>>;
using OnStoreAnswer = std::function<void(StoreAnswer)>;

// An ItemStore that holds no thread while it waits: for stores on a network. Thread-safe.
class AsyncItemStore {
 public:
  virtual ~AsyncItemStore() = default;

  // Begins the request and returns without waiting. Calls `on_answer` exactly once, with what the
  // ItemStore's function for this request would have answered (the same alternative, deadline and
  // errors): never from inside Submit, so that a caller may hold a lock over it, but maybe on
  // another thread before it returns; with no lock held. `on_answer` must be quick and must not
  // throw; it may Submit more. Destroying the store answers what is open with kUnavailable before
  // the destructor returns.
  virtual void Submit(StoreRequest request, OnStoreAnswer on_answer) = 0;
};

enum class KeyType { kString, kNumber, kBinary };
struct KeyAttribute {
  std::string name;
  KeyType type = KeyType::kString;
  friend bool operator==(const KeyAttribute&, const KeyAttribute&) = default;
};
struct KeySchema {
  KeyAttribute hash;
  std::optional<KeyAttribute> range;
  friend bool operator==(const KeySchema&, const KeySchema&) = default;
};
struct IndexSpec {  // holds every item that has its key attributes; projection ALL
  std::string name;
  KeySchema keys;
  friend bool operator==(const IndexSpec&, const IndexSpec&) = default;
};
struct TableSpec {
  std::string name;
  KeySchema keys;
  std::vector<IndexSpec> indexes;
  std::optional<std::string> ttl_attribute;  // epoch seconds
  bool stream = true;                        // old and new images
  bool deletion_protection = false;
  std::map<std::string, std::string> tags;
  // Kept for whoever serves the table and read by no store; at most kMaxNotesBytes. DynamoDB itself
  // has no place for it, so its client refuses any.
  std::string notes;
};
struct TableDescription {
  TableSpec spec;
  std::string id;  // new for every created table
  WallTime created_at{};
  std::uint64_t item_count = 0;  // may trail
};
// Absent members stay; ttl_attribute set to nullopt switches expiry off.
struct TableUpdate {
  std::optional<std::optional<std::string>> ttl_attribute;
  std::optional<bool> stream;
  std::optional<bool> deletion_protection;
  std::optional<std::map<std::string, std::string>> tags;
  std::optional<std::string> notes;
};

// Thread-safe.
class TableAdmin {
 public:
  virtual ~TableAdmin() = default;
  virtual Result<TableDescription> CreateTable(const TableSpec& spec) = 0;  // kAlreadyExists
  virtual Result<TableDescription> DescribeTable(std::string_view name) = 0;
  virtual Result<TableDescription> UpdateTable(std::string_view name,
                                               const TableUpdate& update) = 0;
  virtual Status DeleteTable(std::string_view name) = 0;  // kFailedPrecondition when protected
  virtual Result<std::vector<std::string>> ListTables() = 0;
};

// A place in the feed; 0 is before everything.
using ChangePosition = std::uint64_t;
enum class ChangeKind { kInsert, kModify, kRemove };
struct Change {
  ChangePosition position = 0;
  WallTime at{};
  ChangeKind kind = ChangeKind::kInsert;
  bool by_expiry = false;  // removed by TTL, not by a client
  Key key;
  std::optional<Item> old_item;
  std::optional<Item> new_item;
};
struct ChangePage {
  std::vector<Change> changes;  // changes of one transaction share a position and are never split
  ChangePosition next = 0;      // pass to the next read
};

// Thread-safe. Ordered; a change is visible once every earlier one is; kept 24 hours.
class ChangeFeed {
 public:
  virtual ~ChangeFeed() = default;
  virtual Result<ChangePage> ReadChanges(std::string_view table, ChangePosition after,
                                         std::size_t max_changes) = 0;

  // Where the feed ends now: changes after it are those still to come. This one reads all there is;
  // a store that knows its end says it.
  virtual Result<ChangePosition> EndOfChanges(std::string_view table);
};

struct Stores {
  std::shared_ptr<ItemStore> items;
  std::shared_ptr<TableAdmin> tables;
  std::shared_ptr<ChangeFeed> changes;
  // The same items as `items`; absent: the store can only be waited for.
  std::shared_ptr<AsyncItemStore> async_items = nullptr;
};

}  // namespace zael
