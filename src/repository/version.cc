#include "repository/version.h"

#include <charconv>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "records/attributes.h"
#include "records/keys.h"
#include "records/system_records.h"
#include "records/table.h"

namespace zael::repository {
namespace {

constexpr int kMaxVersionPart = 1'000'000;

// Reads digits off the front of `text`.
std::optional<int> TakePart(std::string_view& text) {
  int part = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), part);
  if (text.empty() || text.front() == '-' || error != std::errc() || part > kMaxVersionPart)
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return part;
}

bool TakeDot(std::string_view& text) {
  if (text.empty() || text.front() != '.') return false;
  text.remove_prefix(1);
  return true;
}

Result<Version> ParseStored(std::string_view field, std::string_view text) {
  Result<Version> version = Version::Parse(field, text);
  if (!version.ok())
    return Error(ErrorCode::kDataLoss,
                 "read version SYSTEM# / #VERSION: " + version.error().message());
  return version;
}

Version Known(std::string_view text) { return *Version::Parse("version", text); }

// Creates the table, or looks at the one that is there and puts ttl and stream back.
Status PrepareTable(TableAdmin& tables, const TableSpec& wanted, InitializeOutcome& outcome) {
  Result<TableDescription> found = tables.DescribeTable(wanted.name);
  if (!found.ok() && found.error().code() == ErrorCode::kNotFound) {
    found = tables.CreateTable(wanted);
    outcome.table_created = found.ok();
    if (!found.ok() && found.error().code() == ErrorCode::kAlreadyExists)
      found = tables.DescribeTable(wanted.name);
  }
  if (!found.ok()) return found.error();
  const TableSpec& spec = found->spec;
  if (spec.keys != wanted.keys || spec.indexes != wanted.indexes) {
    return Error(
        ErrorCode::kFailedPrecondition,
        Format("adopt table {}: its keys or indexes are not those of a limiter, take another name",
               Shorten(wanted.name)));
  }
  TableUpdate update;
  if (spec.ttl_attribute != wanted.ttl_attribute) update.ttl_attribute = wanted.ttl_attribute;
  if (!spec.stream) update.stream = true;
  outcome.table_repaired = update.ttl_attribute || update.stream;
  if (outcome.table_repaired) {
    ZAEL_TRY(tables.UpdateTable(wanted.name, update));
  }
  return {};
}

}  // namespace

Result<Version> Version::Parse(std::string_view field, std::string_view text) {
  std::string_view rest = text;
  const auto read_major = TakePart(rest);
  const auto read_minor = read_major && TakeDot(rest) ? TakePart(rest) : std::nullopt;
  const auto read_patch = read_minor && TakeDot(rest) ? TakePart(rest) : std::nullopt;
  if (!read_patch || !rest.empty()) {
    return Error(
        ErrorCode::kInvalidArgument,
        Format("validate {}: {} must be major.minor.patch, as 1.0.0", field, Shorten(text)));
  }
  return Version{*read_major, *read_minor, *read_patch};
}

Status CheckServed(const VersionRecord& record, std::string_view table_name) {
  const std::string name = records::LimiterName(table_name);
  ZAEL_ASSIGN(const Version schema, ParseStored(records::kSchemaVersion, record.schema_version));
  ZAEL_ASSIGN(const Version client_min,
              ParseStored(records::kClientMinVersion, record.client_min_version));
  if (schema < Known(kOldestSchemaVersion)) {
    return Error(ErrorCode::kFailedPrecondition,
                 Format("open {}: its schema version {} is older than {}, run `zae-limiter migrate "
                        "apply --name {}`",
                        table_name, record.schema_version, kOldestSchemaVersion, name));
  }
  if (schema > Known(kNewestSchemaVersion)) {
    return Error(
        ErrorCode::kFailedPrecondition,
        Format("open {}: its schema version {} is newer than the {} this zae-limiter {} serves, "
               "install a "
               "newer zae-limiter and run `zae-limiter check --name {}`",
               table_name, record.schema_version, kNewestSchemaVersion, kClientVersion, name));
  }
  if (Known(kCountsAsClient) < client_min) {
    return Error(
        ErrorCode::kFailedPrecondition,
        Format("open {}: it admits clients from version {}, this zae-limiter {} counts as "
               "{}, install a newer zae-limiter and run `zae-limiter check --name {}`",
               table_name, record.client_min_version, kClientVersion, kCountsAsClient, name));
  }
  return {};
}

Result<InitializeOutcome> InitializeTable(const Stores& stores, const InitializeOptions& options,
                                          Clock& clock) {
  InitializeOutcome outcome;
  ZAEL_ASSIGN(outcome.table_name, records::TableName(options.name));
  TableSpec spec = records::LimiterTable(outcome.table_name);
  spec.deletion_protection = options.deletion_protection;
  ZAEL_TRY(PrepareTable(*stores.tables, spec, outcome));

  ZAEL_ASSIGN(const std::optional<Item> stored,
              stores.items->Get(
                  {.table = outcome.table_name, .key = records::VersionKey(), .deadline = {}}));
  if (stored) {
    ZAEL_ASSIGN(const VersionRecord record, records::DecodeVersion(*stored));
    ZAEL_TRY(CheckServed(record, outcome.table_name));
    return outcome;
  }
  const VersionRecord record{.schema_version = std::string(kNewestSchemaVersion),
                             .lambda_version = {},
                             .client_min_version = std::string(kAnyClientVersion),
                             .updated_at = clock.WallNow(),
                             .updated_by = options.updated_by};
  PutRequest put{.table = outcome.table_name,
                 .item = records::EncodeVersion(record),
                 .condition = NotExists(records::kPk)};
  ZAEL_ASSIGN(const WriteOutcome written, stores.items->Put(put));
  outcome.version_written = written.applied;  // else another process was first
  return outcome;
}

}  // namespace zael::repository
