// Repository::Over: the facets over stores the caller brings. Repository::Open is in the room
// `open`.
#include <zael/repository.h>

#include <utility>

#include "base/format.h"
#include "base/time.h"
#include "base/try.h"
#include "limit/names.h"
#include "os/random_seed.h"
#include "records/attributes.h"
#include "records/fields.h"
#include "records/keys.h"
#include "records/system_records.h"
#include "records/table.h"
#include "repository/audit_log.h"
#include "repository/buckets.h"
#include "repository/configuration.h"
#include "repository/entities.h"
#include "repository/table_session.h"
#include "repository/version.h"

namespace zael {
namespace repository {
namespace {

class TableRepository final : public Repository {
 public:
  explicit TableRepository(SessionOptions options)
      : session_(std::move(options)),
        entities_(session_),
        configuration_(session_),
        buckets_(session_),
        audit_(session_) {}

  Entities& entities() override { return entities_; }
  Configuration& configuration() override { return configuration_; }
  Buckets& buckets() override { return buckets_; }
  Audit& audit() override { return audit_; }

  Result<VersionRecord> GetVersionRecord() override;
  Status SetVersionRecord(const VersionUpdate& update) override;

  const std::string& table_name() const override { return session_.table(); }
  const Stores& stores() const override { return session_.options().stores; }
  Clock& clock() override { return session_.clock(); }
  std::uint64_t NextRandom() override { return session_.random().Next(); }

  void AddObserver(std::weak_ptr<ConfigObserver> observer) override {
    session_.AddObserver(std::move(observer));
  }

 private:
  TableSession session_;
  TableEntities entities_;
  TableConfiguration configuration_;
  TableBuckets buckets_;
  TableAudit audit_;
};

Error NoVersionRecord(std::string_view verb, const std::string& table) {
  return {ErrorCode::kFailedPrecondition,
          Format("{} {}: it has no version record, run `zae-limiter deploy --name {}`", verb, table,
                 records::LimiterName(table))};
}

Result<VersionRecord> TableRepository::GetVersionRecord() {
  ZAEL_ASSIGN(const std::optional<Item> item, session_.Get(records::VersionKey()));
  if (!item) return NoVersionRecord("open", table_name());
  return records::DecodeVersion(*item);
}

Status TableRepository::SetVersionRecord(const VersionUpdate& update) {
  UpdateActions actions;
  const auto set = [&](std::string_view name, const std::optional<std::string>& value) -> Status {
    if (!value) return {};
    ZAEL_TRY(Version::Parse(name, *value));
    actions.push_back(Assign(name, *value));
    return {};
  };
  ZAEL_TRY(set(records::kSchemaVersion, update.schema_version));
  ZAEL_TRY(set(records::kLambdaVersion, update.lambda_version));
  ZAEL_TRY(set(records::kClientMinVersion, update.client_min_version));
  if (update.updated_by) {
    ZAEL_TRY(limit::ValidateIdentifier("updated_by", *update.updated_by));
    actions.push_back(Assign(records::kUpdatedBy, *update.updated_by));
  }
  actions.push_back(Assign(records::kUpdatedAt, ToUtcText(clock().WallNow())));
  UpdateRequest request{.table = table_name(),
                        .key = records::VersionKey(),
                        .condition = Exists(records::kPk),
                        .actions = std::move(actions)};
  ZAEL_ASSIGN(const WriteOutcome outcome, stores().items->Update(request));
  if (!outcome.applied) return NoVersionRecord("set version of", table_name());
  return {};
}

// The store only knows that a table is missing; the operator needs the command.
Error WithDeployCommand(const Error& error, const std::string& table) {
  if (error.code() != ErrorCode::kNotFound) return error;
  return {ErrorCode::kNotFound,
          Format("open {}: there is no such table, run `zae-limiter deploy --name {}`", table,
                 records::LimiterName(table))};
}

}  // namespace
}  // namespace repository

Result<std::shared_ptr<Repository>> Repository::Over(Stores stores,
                                                     const RepositoryOptions& options) {
  ZAEL_ASSIGN(std::string table, records::TableName(options.name));
  if (!stores.items || !options.clock) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("open {}: an item store and a clock must be given", table));
  }
  if (options.principal) {
    ZAEL_TRY(limit::ValidateIdentifier("principal", *options.principal));
  }
  if (options.audit_retention <= std::chrono::hours(0)) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("open {}: audit_retention is {} h, must be above 0", table,
                        options.audit_retention.count()));
  }
  auto made = std::make_shared<repository::TableRepository>(repository::SessionOptions{
      .stores = std::move(stores),
      .table = std::move(table),
      .clock = options.clock,
      .random_seed = options.random_seed != 0 ? options.random_seed : os::SystemRandomSeed(),
      .audit_retention = options.audit_retention,
      .principal = options.principal});
  const Result<VersionRecord> version = made->GetVersionRecord();
  if (!version.ok()) return repository::WithDeployCommand(version.error(), made->table_name());
  ZAEL_TRY(repository::CheckServed(*version, made->table_name()));
  return std::shared_ptr<Repository>(std::move(made));
}

}  // namespace zael
