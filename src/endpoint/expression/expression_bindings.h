// ExpressionBindings: what ExpressionAttributeNames and ExpressionAttributeValues say, shared by
// the expressions of one request.
//
// Every placeholder an expression uses must be there and every one there must be used by some
// expression: bind all expressions, then CheckAllUsed. Thread-compatible.
// Facts: dynamodb-api.md 2.3.
#pragma once

#include <zael/value.h>

#include <map>
#include <string>
#include <string_view>

#include "endpoint/api_error.h"
#include "json/json_document.h"

namespace zael::endpoint {

class ExpressionBindings {
 public:
  // The two members of a request, either of them absent. Requires: their types were checked, that
  // is, a map of strings and a map of attribute values. Errors: ValidationException.
  static ApiResult<ExpressionBindings> Read(const json::JsonValue& names,
                                            const json::JsonValue& values);

  // Errors: kInvalidArgument with DynamoDB's words (undefined). The answers live as long as this.
  Result<std::string_view> Name(std::string_view placeholder);
  Result<const Value*> ValueOf(std::string_view placeholder);

  // Errors: ValidationException naming what no expression used.
  ApiStatus CheckAllUsed() const;

 private:
  struct NameBinding {
    std::string name;
    bool used = false;
  };
  struct ValueBinding {
    Value value;
    bool used = false;
  };
  ApiStatus ReadNames(const json::JsonValue& names);
  ApiStatus ReadValues(const json::JsonValue& values);

  std::map<std::string, NameBinding, std::less<>> names_;
  std::map<std::string, ValueBinding, std::less<>> values_;
};

}  // namespace zael::endpoint
