// Calls of item operations as a client writes them, on a store in memory with one table of every
// kind of key: `tab` (PK string, SK number; global index `gsi` on g string, l number; local index
// `lsi` on PK, l; global index `few` on fk string that shows v alone) and `one` (id binary).
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "endpoint/item_operations.h"
#include "endpoint/tables/table_settings.h"
#include "json/json_document.h"
#include "testing/memory_store.h"
#include "testing/simulated_clock.h"

namespace zael::endpoint {

class OperationsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const KeySchema keys{{"PK"}, KeyAttribute{"SK", KeyType::kNumber}};
    TableSpec spec{
        .name = "tab",
        .keys = keys,
        .indexes = {{.name = "gsi", .keys = {{"g"}, KeyAttribute{"l", KeyType::kNumber}}},
                    {.name = "lsi", .keys = {{"PK"}, KeyAttribute{"l", KeyType::kNumber}}},
                    {.name = "few", .keys = {{"fk"}, {}}}}};
    TableSettings settings;
    settings.indexes["lsi"].local = true;
    settings.indexes["few"] = {.projection = "INCLUDE", .non_key_attributes = {"v"}};
    spec.notes = ToNotes(settings);
    ASSERT_TRUE(store_.stores().tables->CreateTable(spec).ok());
    const TableSpec one{.name = "one", .keys = {{"id", KeyType::kBinary}, {}}};
    ASSERT_TRUE(store_.stores().tables->CreateTable(one).ok());
  }

  // The body of the answer, or `Name: message` and after it the error's other members.
  std::string Call(std::string_view operation, const std::string& request) {
    const auto document = json::JsonDocument::Parse(request);
    if (!document.ok()) return document.error().message();
    const ApiOutcome outcome = operations_.find(operation)->second(document->root());
    if (outcome.ok()) return *outcome;
    const ApiError& error = outcome.error();
    std::string text = std::string(ErrorName(error)) + ": " + error.message;
    if (!error.extra_members_json.empty()) text += " " + error.extra_members_json;
    return text;
  }

  std::string Put(const std::string& attributes) {
    return Call("PutItem", R"({"TableName":"tab","Item":{)" + attributes + "}}");
  }
  // Of the item (a, 1).
  std::string Get() { return Call("GetItem", R"({"TableName":"tab","Key":)" + key_ + "}"); }
  // Of the item (a, 1): `members` begins with a comma.
  std::string Update(const std::string& members) {
    return Call("UpdateItem", R"({"TableName":"tab","Key":)" + key_ + members + "}");
  }

  const std::string key_ = R"({"PK":{"S":"a"},"SK":{"N":"1"}})";
  const std::string key_members_ = R"("PK":{"S":"a"},"SK":{"N":"1"})";
  std::shared_ptr<testing::SimulatedClock> clock_ = std::make_shared<testing::SimulatedClock>();
  testing::MemoryStore store_{clock_};
  Operations operations_ = ItemOperations(store_.stores(), clock_);
};

inline std::string Validation(std::string_view text) {
  return "ValidationException: " + std::string(text);
}
inline std::string InvalidValues(std::string_view text) {
  return Validation("One or more parameter values were invalid: " + std::string(text));
}
// The answer from its capacity on.
inline std::string CapacityOf(const std::string& body) {
  const std::size_t at = body.find("\"CapacityUnits");
  return at == std::string::npos ? body : body.substr(at);
}

}  // namespace zael::endpoint
