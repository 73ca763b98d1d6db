// Versions: which tables this client serves, and how a table comes to be.
//
// A table says its schema version and the oldest client it admits; a client outside refuses with
// the command that mends it. Making a table and its version record is InitializeTable, for Open and
// deploy.
#pragma once

#include <zael/repository.h>
#include <zael/result.h>
#include <zael/store.h>

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace zael::repository {

struct Version {
  int major = 0;
  int minor = 0;
  int patch = 0;

  // `major.minor.patch`, decimal. Errors: kInvalidArgument.
  static Result<Version> Parse(std::string_view field, std::string_view text);

  friend auto operator<=>(const Version&, const Version&) = default;
};

inline constexpr std::string_view kClientVersion = "0.1.0";
// client_min_version counts in the releases of the Python zae-limiter, which number themselves
// apart from ours: this is the one whose tables we read and write, and what we pass for.
inline constexpr std::string_view kCountsAsClient = "0.6.0";
inline constexpr std::string_view kOldestSchemaVersion = "1.0.0";
inline constexpr std::string_view kNewestSchemaVersion = "1.0.0";
inline constexpr std::string_view kAnyClientVersion = "0.0.0";  // client_min_version of a new table

// Errors: kFailedPrecondition with the command that mends it, kDataLoss (the record's versions
// cannot be read).
Status CheckServed(const VersionRecord& record, std::string_view table_name);

struct InitializeOptions {
  std::string name;  // either form
  bool deletion_protection = true;
  std::optional<std::string> updated_by;
};

struct InitializeOutcome {
  std::string table_name;
  bool table_created = false;
  bool table_repaired = false;   // ttl or stream were off, as after a restore
  bool version_written = false;  // the version record was missing
};

// Makes the table and its version record where they are missing and writes nothing when all is
// there. Errors: kInvalidArgument (name), kFailedPrecondition (a table of that name with other
// keys, or a version this client does not serve), and the store's.
Result<InitializeOutcome> InitializeTable(const Stores& stores, const InitializeOptions& options,
                                          Clock& clock);

}  // namespace zael::repository
