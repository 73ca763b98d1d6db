// FieldReader: takes typed attributes out of a stored item, and names the record, its key and the
// attribute when one is missing or malformed.
//
// Every failure is kDataLoss: the item came from the table, not from the caller. Nothing is
// defaulted here except where a method says so; extra attributes are ignored.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>
#include <zael/value.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace zael::records {

// Thread-compatible. Refers to the item: keep it alive.
class FieldReader {
 public:
  // `record` says what kind is read: "bucket", "limit".
  FieldReader(std::string_view record, const Item& item) : record_(record), item_(item) {}

  Result<std::string> Text(std::string_view name) const;
  Result<std::int64_t> Integer(std::string_view name) const;
  Result<std::int64_t> PositiveInteger(std::string_view name) const;
  Result<WallTime> Time(std::string_view name) const;

  // Absent and NULL are absent.
  Result<std::optional<std::string>> OptionalText(std::string_view name) const;
  Result<std::optional<std::int64_t>> OptionalInteger(std::string_view name) const;

  // Absent and NULL are `fallback`.
  Result<bool> Flag(std::string_view name, bool fallback) const;
  Result<Number> NumberOr(std::string_view name, Number fallback) const;

  // A map as text to text; absent is empty. What is not text is shown as text.
  Result<std::map<std::string, std::string, std::less<>>> TextMap(std::string_view name) const;

  // kDataLoss: read {record} {PK} / {SK}: {cause}.
  Error Malformed(std::string_view cause) const;

 private:
  const Value* Present(std::string_view name) const;  // nullptr when absent or NULL

  std::string_view record_;
  const Item& item_;
};

// Text, or NULL when absent: how optional text is stored.
Value TextOrNull(const std::optional<std::string>& text);

}  // namespace zael::records
