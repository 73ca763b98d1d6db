// Item rules: what DynamoDB refuses of keys, items and updates because of their table, in its
// words.
//
// The store refuses the same (store/validate.h), in words of its own; these come first so that a
// caller of the protocol reads what it knows. All answer kInvalidArgument. Pure functions.
// Facts: dynamodb-api.md 1.3, 2.2.
#pragma once

#include <zael/store.h>

#include <string_view>

namespace zael::endpoint {

// The `Key` of a request: its names, types, emptiness and sizes.
Status CheckKey(const KeySchema& schema, const Key& key);

// A whole item: keys, keys of indexes, names, size.
Status CheckItem(const TableSpec& spec, const Item& item);

// What an update names, before any item: no key attribute, no place inside an index key, no value
// that an index key cannot take.
Status CheckUpdate(const TableSpec& spec, const UpdateActions& actions);

// `old` is nullptr when there is none. The item as the update makes it, or why it cannot. An update
// that only removes makes nothing of nothing: then the answer is empty.
Result<Item> MakeUpdated(const TableSpec& spec, const UpdateActions& actions, const Item* old,
                         const Key& key);

// S, N or B.
std::string_view KeyTypeName(KeyType type);

}  // namespace zael::endpoint
