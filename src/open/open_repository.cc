// Repository::Open: the one factory that chooses a store and wires production objects together.
#include <zael/repository.h>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "open/open_engines.h"
#include "os/environment.h"
#include "records/table.h"
#include "repository/version.h"

namespace zael {
namespace {

Status RefuseDynamo(const OpenOptions& options) {
  if (options.region.empty() && options.endpoint_url.empty()) return {};
  const bool endpoint = !options.endpoint_url.empty();
  return Error(ErrorCode::kInvalidArgument,
               Format("open limiter: {} {} asks for DynamoDB, this release has the embedded engine "
                      "only; leave region and endpoint_url empty",
                      endpoint ? "endpoint_url" : "region",
                      Shorten(endpoint ? options.endpoint_url : options.region)));
}

// "No store" and "no table" look alike to the caller: there is nothing to open yet.
Error NothingToOpen(const OpenOptions& options, const Error& cause) {
  if (cause.code() != ErrorCode::kNotFound) return cause;
  return {ErrorCode::kNotFound,
          Format("{}; make it with: zae-limiter deploy --name {}", cause.message(), options.name)};
}

}  // namespace

Result<std::shared_ptr<Repository>> Repository::Open(const OpenOptions& options) {
  ZAEL_TRY(records::TableName(options.name));
  ZAEL_TRY(RefuseDynamo(options));
  std::string directory = options.data_dir;
  if (directory.empty()) {
    ZAEL_ASSIGN(directory, os::DefaultDataDirectory());
  }
  const std::shared_ptr<Clock> clock = options.clock ? options.clock : MakeSystemClock();
  // The engine waits and sweeps by the system's time even when the limiter lives in a trace's.
  Result<Stores> stores = open::SharedEngine({.directory = directory,
                                              .create = options.create_if_missing,
                                              .durability = options.durability,
                                              .lock_timeout = options.lock_timeout,
                                              .clock = nullptr,
                                              .file_system = nullptr});
  if (!stores.ok()) return NothingToOpen(options, stores.error());
  if (options.create_if_missing) {
    ZAEL_TRY(repository::InitializeTable(
        *stores, {.name = options.name, .updated_by = options.principal}, *clock));
  }
  Result<std::shared_ptr<Repository>> repository =
      Over(*std::move(stores), {.name = options.name,
                                .clock = clock,
                                .audit_retention = options.audit_retention,
                                .principal = options.principal});
  if (!repository.ok()) return NothingToOpen(options, repository.error());
  return repository;
}

}  // namespace zael
