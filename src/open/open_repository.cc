// Repository::Open: the one factory that chooses a store and wires production objects together.
#include <zael/repository.h>

#include "base/format.h"
#include "base/try.h"
#include "open/open_stores.h"
#include "records/table.h"
#include "repository/version.h"

namespace zael {
namespace {

// "No store" and "no table" look alike to the caller: there is nothing to open yet.
Error NothingToOpen(const OpenOptions& options, const Error& cause) {
  if (cause.code() != ErrorCode::kNotFound) return cause;
  return {ErrorCode::kNotFound,
          Format("{}; make it with: zae-limiter deploy --name {}", cause.message(), options.name)};
}

}  // namespace

Result<std::shared_ptr<Repository>> Repository::Open(const OpenOptions& options) {
  ZAEL_TRY(records::TableName(options.name));
  const std::shared_ptr<Clock> clock = options.clock ? options.clock : MakeSystemClock();
  Result<Stores> stores = open::OpenStores(options);
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
