#include "endpoint/expression/static_type.h"

#include <array>

#include "base/base64.h"
#include "base/format.h"

namespace zael::endpoint {
namespace {

// In the order of Value::Data.
constexpr std::array<std::string_view, 10> kNames = {"NULL", "BOOL", "N",  "S",  "B",
                                                     "L",    "M",    "SS", "NS", "BS"};
constexpr std::array<std::string_view, 10> kLongNames = {
    "NULL", "BOOLEAN", "NUMBER",     "STRING",     "BINARY",
    "LIST", "MAP",     "STRING_SET", "NUMBER_SET", "BINARY_SET"};
static_assert(kNames.size() == std::variant_size_v<Value::Data>);

}  // namespace

std::string_view TypeName(const Value& value) { return kNames[value.data().index()]; }
std::string_view LongTypeName(const Value& value) { return kLongNames[value.data().index()]; }

std::string_view TypeOf(const Operand& operand) {
  if (const auto* value = std::get_if<Value>(&operand)) return TypeName(*value);
  return std::holds_alternative<SizeOf>(operand) ? std::string_view("N") : std::string_view();
}

bool IsOrderedType(std::string_view type) { return type == "N" || type == "S" || type == "B"; }

std::string ShownValue(const Value& value) {
  if (const auto* number = value.As<Number>()) return Format("{{N:{}}}", number->ToText());
  if (const auto* text = value.As<std::string>()) return Format("{{S:{}}}", *text);
  if (const auto* binary = value.As<Binary>()) {
    return Format("{{B:{}}}", EncodeBase64(binary->bytes));
  }
  return Format("{{{}}}", TypeName(value));
}

}  // namespace zael::endpoint
