// Validation: what makes a request or a table wrong whatever the store holds.
//
// Every store calls these before it touches anything, so that a wrong request changes nothing and
// every store refuses the same. All answer kInvalidArgument naming field, value and rule. Pure
// functions. Limits are DynamoDB's. Design: storage.md.
#pragma once

#include <zael/store.h>

#include <string>
#include <string_view>
#include <vector>

namespace zael::store {

inline constexpr std::size_t kMaxHashKeyBytes = 2048;
inline constexpr std::size_t kMaxRangeKeyBytes = 1024;
inline constexpr std::size_t kMaxIndexes = 25;  // DynamoDB: 20 global and 5 local ones
inline constexpr std::size_t kMaxPageBytes = 1024 * 1024;
inline constexpr std::size_t kMaxTransactBytes = 4 * 1024 * 1024;

Status ValidateTableSpec(const TableSpec& spec);
Status ValidateTableUpdate(const TableUpdate& update);

// Exactly the key attributes, of the right types, not empty, not too long.
Status ValidateKey(const KeySchema& schema, const Key& key);

// A whole item: keys, index keys where present, names, sets, nesting, size. Also for an update's
// result.
Status ValidateItem(const TableSpec& spec, const Item& item);

// The size DynamoDB would count.
std::size_t ItemBytes(const Item& item);

// The values alone: names, sets sorted without duplicates and not empty, nesting.
Status ValidateValues(const Item& item);

// Shapes, independent of any item: paths, types, operand counts, nesting.
Status ValidateCondition(const Condition& condition);
Status ValidateActions(const UpdateActions& actions);

// What is wrong with a write whatever the table's keys: for a client that leaves those to the
// server.
Status ValidateShape(const PutRequest& request);
Status ValidateShape(const UpdateRequest& request);
Status ValidateShape(const DeleteRequest& request);
Status ValidateShape(const CheckRequest& request);

Status ValidatePut(const TableSpec& spec, const PutRequest& request);
Status ValidateUpdate(const TableSpec& spec, const UpdateRequest& request);
Status ValidateDelete(const TableSpec& spec, const DeleteRequest& request);
Status ValidateCheck(const TableSpec& spec, const CheckRequest& request);
// Any member of a transaction, by the functions above.
Status ValidateTransactItem(const TableSpec& spec, const TransactItem& item);
// 1 to kMaxTransactItems members; 1 to kMaxBatchGetKeys keys.
Status ValidateTransactCount(std::size_t items);
Status ValidateBatchGetCount(std::size_t keys);
// `encoded_keys`: table and key of every member, as AppendKey makes them. `request` is for the
// message.
Status RefuseDuplicates(std::vector<std::string_view> encoded_keys, std::string_view request);

// Also resolves the index: `*schema` is what the query walks, the table's keys when no index is
// named.
Status ValidateQuery(const TableSpec& spec, const QueryRequest& request, const KeySchema** schema);

// nullptr when the table has no such index.
const IndexSpec* FindIndex(const TableSpec& spec, std::string_view name);

// The table and key a member of a transaction addresses.
std::string_view TableOf(const TransactItem& item);
// Of a put: the item, which contains the key.
const Item& KeyHolderOf(const TransactItem& item);

}  // namespace zael::store
