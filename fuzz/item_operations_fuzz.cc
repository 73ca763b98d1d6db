// Any JSON as the request of each item operation: an answer must be JSON, an error must have a
// name, and none of them may be a fault of ours.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/check.h"
#include "endpoint/item_operations.h"
#include "json/json_document.h"
#include "testing/memory_store.h"
#include "testing/simulated_clock.h"

namespace {

using namespace zael;

struct World {
  World() {
    const TableSpec spec{
        .name = "tab",
        .keys = {{"PK"}, KeyAttribute{"SK", KeyType::kNumber}},
        .indexes = {{.name = "gsi", .keys = {{"g"}, KeyAttribute{"l", KeyType::kNumber}}}}};
    CHECK(store.stores().tables->CreateTable(spec).ok());
    operations = endpoint::ItemOperations(store.stores(), clock);
  }
  std::shared_ptr<testing::SimulatedClock> clock = std::make_shared<testing::SimulatedClock>();
  testing::MemoryStore store{clock};
  endpoint::Operations operations;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  World world;  // a new one: an input that fails must fail by itself
  auto document =
      json::JsonDocument::Parse(std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  if (!document.ok()) return 0;
  auto operation = world.operations.begin();
  std::advance(operation, data[0] % world.operations.size());
  for (int round = 0; round < 2; ++round) {  // the second time on what the first has made
    const endpoint::ApiOutcome outcome = operation->second(document->root());
    if (outcome.ok()) {
      CHECK(json::JsonDocument::Parse(*outcome).ok());
    } else {
      CHECK(outcome.error().status == 400);
      CHECK(!endpoint::ErrorName(outcome.error()).empty());
      CHECK(json::JsonDocument::Parse(endpoint::ErrorBody(outcome.error())).ok());
    }
  }
  return 0;
}
