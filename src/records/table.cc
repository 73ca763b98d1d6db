#include "records/table.h"

#include <algorithm>

#include "base/check.h"
#include "base/format.h"
#include "base/text.h"
#include "records/attributes.h"

namespace zael::records {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsNameByte(char c) { return IsLetter(c) || (c >= '0' && c <= '9') || c == '-'; }

bool IsLimiterName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxLimiterNameBytes && IsLetter(name.front()) &&
         std::all_of(name.begin(), name.end(), IsNameByte) && !name.starts_with(kTablePrefix);
}

std::string_view WithoutPrefix(std::string_view name) {
  if (name.starts_with(kTablePrefix)) name.remove_prefix(kTablePrefix.size());
  return name;
}

KeyAttribute StringKey(std::string_view name) { return {std::string(name), KeyType::kString}; }

IndexSpec Index(std::string_view name, std::string_view hash, std::string_view range) {
  return {std::string(name), {StringKey(hash), StringKey(range)}};
}

}  // namespace

Result<std::string> TableName(std::string_view name) {
  const std::string_view rest = WithoutPrefix(name);
  if (!IsLimiterName(rest)) {
    return Error(
        ErrorCode::kInvalidArgument,
        Format(
            "check limiter name: {} is not a letter, then letters, digits or '-', at most {} bytes "
            "after an optional single {}",
            Shorten(name), kMaxLimiterNameBytes, kTablePrefix));
  }
  return std::string(kTablePrefix) + std::string(rest);
}

std::string LimiterName(std::string_view table_name) {
  CHECK(IsLimiterTable(table_name));
  return std::string(WithoutPrefix(table_name));
}

bool IsLimiterTable(std::string_view table_name) {
  return table_name.starts_with(kTablePrefix) && IsLimiterName(WithoutPrefix(table_name));
}

TableSpec LimiterTable(std::string_view table_name) {
  CHECK(IsLimiterTable(table_name));
  TableSpec spec;
  spec.name = std::string(table_name);
  spec.keys = {StringKey(kPk), StringKey(kSk)};
  spec.indexes = {Index(kGsi1, kGsi1Pk, kGsi1Sk), Index(kGsi2, kGsi2Pk, kGsi2Sk)};
  spec.ttl_attribute = std::string(kTtl);
  spec.stream = true;
  spec.deletion_protection = true;
  return spec;
}

}  // namespace zael::records
