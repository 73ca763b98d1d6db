// Any text read as DynamoDB's JSON: what is taken must be written and read back as the same item,
// and must have had the right shape.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "dynamo/attribute_value.h"
#include "json/json_document.h"
#include "json/json_writer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zael;
  const auto document =
      json::JsonDocument::Parse(std::string(reinterpret_cast<const char*>(data), size));
  if (!document.ok()) return 0;
  const Status shape = dynamo::CheckItemShape(document->root());
  const auto item = dynamo::ReadItem(document->root());
  if (!item.ok()) return 0;
  CHECK(shape.ok());
  json::JsonWriter writer;
  dynamo::WriteItem(writer, *item);
  CHECK(!writer.mended());
  const auto again = json::JsonDocument::Parse(writer.Take());
  CHECK(again.ok());
  const auto copy = dynamo::ReadItem(again->root());
  CHECK(copy.ok() && *copy == *item);
  return 0;
}
