// TableClient: table administration over DynamoDB.
//
// Each wish is several calls with waits between them: a table is usable only when it and its
// indexes are ACTIVE, expiry and tags have calls of their own, and each change of settings must
// stand alone. Calls return when the wish is true or an error tells how far it came. Design:
// storage.md.
#pragma once

#include <zael/store.h>

#include <chrono>
#include <string>
#include <string_view>

#include "dynamo/request_runner.h"
#include "dynamo/table_codec.h"
#include "dynamo/table_schemas.h"

namespace zael::dynamo {

// Thread-safe. Needs runner and schemas for its whole life.
class TableClient final : public TableAdmin {
 public:
  // `patience`: how long to wait for a table to become as asked.
  TableClient(RequestRunner& runner, TableSchemas& schemas, std::chrono::nanoseconds patience)
      : runner_(runner), schemas_(schemas), patience_(patience) {}

  Result<TableDescription> CreateTable(const TableSpec& spec) override;
  Result<TableDescription> DescribeTable(std::string_view name) override;
  Result<TableDescription> UpdateTable(std::string_view name, const TableUpdate& update) override;
  Status DeleteTable(std::string_view name) override;
  Result<std::vector<std::string>> ListTables() override;

  // Without expiry and tags: one call.
  Result<TableState> State(std::string_view name);

 private:
  Result<TableState> WaitUntilActive(std::string_view name);
  Error RefusedCreation(std::string_view name, const Error& refusal);
  Error RefusedDeletion(std::string_view name, const Error& refusal);
  Status WaitUntilGone(std::string_view name);
  template <typename Done>
  Status Poll(std::string_view name, std::string_view aim, Done done);
  Result<std::optional<std::string>> TimeToLive(std::string_view name);
  Result<Tags> TagsOf(const std::string& arn);
  Status SetTimeToLive(std::string_view name, const std::optional<std::string>& attribute);
  Status SetTags(const std::string& arn, const Tags& wanted);

  RequestRunner& runner_;
  TableSchemas& schemas_;
  const std::chrono::nanoseconds patience_;
};

}  // namespace zael::dynamo
