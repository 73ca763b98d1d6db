// Any text as each kind of expression: what is taken must be valid for the store, and must mean the
// same after the client has written it out and it is read once more.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "dynamo/expression_text.h"
#include "endpoint/expression/expression_binder.h"
#include "json/json_document.h"
#include "json/json_writer.h"
#include "store/validate.h"

namespace {

using namespace zael;
using namespace zael::endpoint;

constexpr const char* kNames = R"({"#a":"a","#b":"b.c","#c":"size"})";
constexpr const char* kValues =
    R"({":s":{"S":"x"},":n":{"N":"1"},":m":{"N":"2"},":b":{"BOOL":true},":l":{"L":[]},)"
    R"(":d":{"M":{}},":x":{"SS":["a"]},":t":{"S":"SS"},":y":{"B":"AA=="}})";

ExpressionBindings Bindings() {
  static const auto names = json::JsonDocument::Parse(kNames);
  static const auto values = json::JsonDocument::Parse(kValues);
  return *ExpressionBindings::Read(names->root(), values->root());
}

// What a server reads of the placeholders a client wrote.
ExpressionBindings Reread(const dynamo::Placeholders& placeholders) {
  json::JsonWriter writer;
  writer.BeginObject();
  placeholders.Write(writer);
  const auto document = json::JsonDocument::Parse(writer.EndObject().Take());
  CHECK(document.ok());
  const auto root = document->root();
  auto bindings = ExpressionBindings::Read(root.Find("ExpressionAttributeNames"),
                                           root.Find("ExpressionAttributeValues"));
  CHECK(bindings.ok());
  return *std::move(bindings);
}

void TryCondition(std::string_view text) {
  ExpressionBindings bindings = Bindings();
  const auto condition = BindCondition("ConditionExpression", text, bindings);
  if (!condition.ok()) return;
  CHECK(store::ValidateCondition(*condition).ok());
  dynamo::Placeholders placeholders;
  const std::string written = dynamo::ConditionText(*condition, placeholders);
  if (written.size() > 4000) return;  // names may be longer than what they replace
  ExpressionBindings again = Reread(placeholders);
  const auto reread = BindCondition("ConditionExpression", written, again);
  // Writing out negations adds parentheses, which count nothing, so nothing can be too much now.
  CHECK(reread.ok());
  dynamo::Placeholders more;
  CHECK(dynamo::ConditionText(*reread, more) == written);
}

void TryUpdate(std::string_view text) {
  ExpressionBindings bindings = Bindings();
  const auto actions = BindUpdate(text, bindings);
  if (!actions.ok() || !store::ValidateActions(*actions).ok()) return;  // more than the store takes
  dynamo::Placeholders placeholders;
  const std::string written = dynamo::UpdateText(*actions, placeholders);
  if (written.size() > 4000) return;
  ExpressionBindings again = Reread(placeholders);
  const auto reread = BindUpdate(written, again);
  CHECK(reread.ok());
  dynamo::Placeholders more;
  CHECK(dynamo::UpdateText(*reread, more) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      TryCondition(text);
      break;
    case 1:
      TryUpdate(text);
      break;
    default:
      ExpressionBindings bindings = Bindings();
      (void)BindProjection(text, bindings).ok();
  }
  return 0;
}
