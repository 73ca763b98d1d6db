#include "endpoint/items/payload_text.h"

#include <algorithm>
#include <vector>

#include "json/json_writer.h"

namespace zael::endpoint {
namespace {

using json::JsonMember;
using json::JsonValue;
using Kind = JsonValue::Kind;

void Write(const JsonValue& value, json::JsonWriter& writer) {
  switch (value.kind()) {
    case Kind::kAbsent:
    case Kind::kNull:
      writer.Null();
      return;
    case Kind::kBool:
      writer.Bool(*value.AsBool());
      return;
    case Kind::kNumber:
      writer.Double(*value.AsDouble());
      return;
    case Kind::kString:
      writer.String(*value.AsString());
      return;
    case Kind::kArray:
      writer.BeginArray();
      for (std::size_t i = 0; i < value.size(); ++i) Write(value.At(i), writer);
      writer.EndArray();
      return;
    case Kind::kObject:
      break;
  }
  std::vector<JsonMember> members;
  for (std::size_t i = 0; i < value.size(); ++i) members.push_back(value.Member(i));
  std::sort(members.begin(), members.end(),
            [](const JsonMember& a, const JsonMember& b) { return a.name < b.name; });
  writer.BeginObject();
  for (const JsonMember& member : members) {
    if (member.value.Is(Kind::kNull)) continue;
    writer.Key(member.name);
    Write(member.value, writer);
  }
  writer.EndObject();
}

}  // namespace

std::string PayloadText(const JsonValue& value) {
  json::JsonWriter writer;
  Write(value, writer);
  return writer.Take();
}

}  // namespace zael::endpoint
