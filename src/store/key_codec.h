// Key values as bytes whose order is the order of the values, and ranges of them as byte bounds.
//
// Strings and binaries: each 00 becomes 00 FF, the end is 00 01. Numbers: sign, exponent and digit
// pairs, self-delimiting. No encoding is a prefix of another of the same type, so encodings can be
// put one after the other: hash, range, and for an index the table's key behind them. Pure
// functions. Format: docs/formats/key.md.
#pragma once

#include <zael/store.h>

#include <string>
#include <string_view>

namespace zael::store {

// Appends `value`, which is a string, number or binary. Requires: validated (validate.h).
void AppendKeyValue(const Value& value, std::string* out);

// Appends the hash and, where the schema has one, the range attribute of `item`. Requires: they are
// there.
void AppendKey(const KeySchema& schema, const Item& item, std::string* out);

// The same, checked as by ValidateKey and much faster, for a key of two strings of at most 1024
// bytes without zero bytes. False: it is no such key or not valid, and nothing is appended.
bool AppendTextKey(const KeySchema& schema, const Key& key, std::string* out);

// Takes one value of `type` off the front of `*bytes`. Errors: kDataLoss.
Result<Value> TakeKeyValue(KeyType type, std::string_view* bytes);

// Takes a whole key off the front of `*bytes`. Errors: kDataLoss.
Result<Key> TakeKey(const KeySchema& schema, std::string_view* bytes);

// The smallest string after every string that begins with `prefix`; empty: there is none.
std::string PrefixEnd(std::string_view prefix);

// Half-open bounds on the bytes of a range attribute, whatever follows them. An empty upper is no
// bound.
struct ByteBounds {
  std::string lower;
  std::string upper;
};

// `range` as bounds: a comparison (not <>), Between or BeginsWith of `attribute` with values of its
// type. Errors: kInvalidArgument.
Result<ByteBounds> RangeBounds(const Condition& range, const KeyAttribute& attribute);

// The key attributes of `item` by `schema`, and by `index` in addition when given.
Key KeyOf(const KeySchema& schema, const Item& item, const KeySchema* index = nullptr);

// Whether `item` has what `schema` asks for: it is in that index.
bool HasKey(const KeySchema& schema, const Item& item);

// Whether `value` can stand in a key attribute of `type`.
bool IsOfType(KeyType type, const Value& value);

}  // namespace zael::store
