#include "endpoint/expression/expression_bindings.h"

#include <utility>

#include "base/format.h"
#include "dynamo/attribute_value.h"
#include "endpoint/expression/expression_token.h"

namespace zael::endpoint {
namespace {

using json::JsonMember;
using json::JsonValue;

bool IsGiven(const JsonValue& member) { return member.Is(JsonValue::Kind::kObject); }

// "{:a, :b}" of what was not used; empty when all was.
template <typename Bindings>
std::string Unused(const Bindings& bindings) {
  std::string text;
  for (const auto& [placeholder, binding] : bindings) {
    if (!binding.used) text += (text.empty() ? "" : ", ") + placeholder;
  }
  return text.empty() ? text : "{" + text + "}";
}

}  // namespace

ApiResult<ExpressionBindings> ExpressionBindings::Read(const JsonValue& names,
                                                       const JsonValue& values) {
  ExpressionBindings bindings;
  if (ApiStatus read = bindings.ReadNames(names); !read.ok()) return read.error();
  if (ApiStatus read = bindings.ReadValues(values); !read.ok()) return read.error();
  return bindings;
}

ApiStatus ExpressionBindings::ReadNames(const JsonValue& names) {
  if (!IsGiven(names)) return {};
  if (names.size() == 0) return ValidationError("ExpressionAttributeNames must not be empty");
  for (std::size_t i = 0; i < names.size(); ++i) {
    const JsonMember member = names.Member(i);
    if (!IsPlaceholder(member.name, '#')) {
      return ValidationError(Format(
          "ExpressionAttributeNames contains invalid key: Syntax error; key: \"{}\"", member.name));
    }
    const std::string_view name = member.value.AsString().value_or("");
    if (name.empty()) {
      return ValidationError(
          Format("ExpressionAttributeNames contains invalid value: Empty attribute name for key {}",
                 member.name));
    }
    names_.emplace(member.name, NameBinding{.name = std::string(name)});
  }
  return {};
}

ApiStatus ExpressionBindings::ReadValues(const JsonValue& values) {
  if (!IsGiven(values)) return {};
  if (values.size() == 0) return ValidationError("ExpressionAttributeValues must not be empty");
  for (std::size_t i = 0; i < values.size(); ++i) {
    const JsonMember member = values.Member(i);
    if (!IsPlaceholder(member.name, ':')) {
      return ValidationError(
          Format("ExpressionAttributeValues contains invalid key: Syntax error; key: \"{}\"",
                 member.name));
    }
    Result<Value> value = dynamo::ReadValue(member.value);
    if (!value.ok()) {
      return ValidationError(
          Format("ExpressionAttributeValues contains invalid value: {} for key {}",
                 value.error().message(), member.name));
    }
    values_.emplace(member.name, ValueBinding{.value = *std::move(value)});
  }
  return {};
}

Result<std::string_view> ExpressionBindings::Name(std::string_view placeholder) {
  const auto found = names_.find(placeholder);
  if (found == names_.end()) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("An expression attribute name used in the document path is not defined; "
                        "attribute name: {}",
                        placeholder));
  }
  found->second.used = true;
  return std::string_view(found->second.name);
}

Result<const Value*> ExpressionBindings::ValueOf(std::string_view placeholder) {
  const auto found = values_.find(placeholder);
  if (found == values_.end()) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("An expression attribute value used in expression is not defined; "
                        "attribute value: {}",
                        placeholder));
  }
  found->second.used = true;
  return const_cast<const Value*>(&found->second.value);
}

ApiStatus ExpressionBindings::CheckAllUsed() const {
  if (const std::string unused = Unused(names_); !unused.empty()) {
    return ValidationError(Format(
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {}", unused));
  }
  if (const std::string unused = Unused(values_); !unused.empty()) {
    return ValidationError(Format(
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {}", unused));
  }
  return {};
}

}  // namespace zael::endpoint
