#include "endpoint/arns.h"

#include "base/format.h"
#include "base/time.h"

namespace zael::endpoint {
namespace {

constexpr std::string_view kPrefix = "arn:aws:dynamodb:";
constexpr std::string_view kTable = ":table/";
constexpr std::string_view kStream = "/stream/";

}  // namespace

std::string TableArn(std::string_view region, std::string_view table) {
  return Format("{}{}:{}{}{}", kPrefix, region, kAccount, kTable, table);
}

std::string IndexArn(std::string_view region, std::string_view table, std::string_view index) {
  return Format("{}/index/{}", TableArn(region, table), index);
}

std::string StreamArn(std::string_view region, std::string_view table, std::string_view label) {
  return Format("{}{}{}", TableArn(region, table), kStream, label);
}

std::string StreamLabel(WallTime enabled_at) {
  std::string seconds = ToUtcText(enabled_at);
  seconds.pop_back();  // the Z
  const std::int64_t ms = ToEpochMs(enabled_at) - ToEpochSeconds(enabled_at) * 1000;
  return Format("{}.{:03}", seconds, ms);
}

std::optional<ParsedArn> ParseArn(std::string_view arn) {
  if (!arn.starts_with(kPrefix)) return std::nullopt;
  arn.remove_prefix(kPrefix.size());
  const std::size_t table = arn.find(kTable);
  const std::size_t account = arn.find(':');
  if (table == std::string_view::npos || account >= table || account == 0) return std::nullopt;
  ParsedArn parsed{.region = std::string(arn.substr(0, account)), .table = {}, .stream_label = {}};
  std::string_view rest = arn.substr(table + kTable.size());
  if (const std::size_t stream = rest.find(kStream); stream != std::string_view::npos) {
    parsed.stream_label = rest.substr(stream + kStream.size());
    if (parsed.stream_label.empty()) return std::nullopt;
    rest = rest.substr(0, stream);
  }
  if (rest.empty() || rest.find('/') != std::string_view::npos) return std::nullopt;
  parsed.table = rest;
  return parsed;
}

ApiResult<std::string> TableNameOf(std::string_view name_or_arn) {
  if (!name_or_arn.starts_with("arn:")) return std::string(name_or_arn);
  const auto arn = ParseArn(name_or_arn);
  if (!arn.has_value() || !arn->stream_label.empty()) {
    return ValidationError(
        Format("Invalid TableArn: Invalid ResourceArn provided as input {}", name_or_arn));
  }
  return arn->table;
}

}  // namespace zael::endpoint
