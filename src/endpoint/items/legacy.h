// Legacy: the parameters that came before expressions, Expected and AttributeUpdates and their
// like, read and turned into what the expressions become.
//
// Pure functions. Facts: dynamodb-api.md 1.3, 1.6.
#pragma once

#include <string_view>
#include <vector>

#include "endpoint/items/request_expressions.h"
#include "endpoint/request_members.h"

namespace zael::endpoint {

// Which of them an operation has.
struct LegacyMembers {
  bool attributes_to_get = false;
  bool expected = false;
  bool attribute_updates = false;
  bool key_conditions = false;
  std::string_view filter;  // QueryFilter or ScanFilter; empty: none
};

// As the request has them. Views the request.
struct LegacyTexts {
  LegacyMembers members;
  std::vector<std::string_view> given;  // names, sorted: none of these may stand beside expressions
  std::vector<std::string> attributes_to_get;
  json::JsonValue expected;
  json::JsonValue attribute_updates;
  json::JsonValue key_conditions;
  json::JsonValue filter;
  bool any_suffices = false;  // ConditionalOperator OR

  bool Has(std::string_view name) const;
};
LegacyTexts ReadLegacy(const LegacyMembers& members, Members& request);

// Adds to `bound` what they say. Errors: ValidationException. Requires: no faults; BindExpressions
// has taken `given`.
ApiStatus BindLegacy(const LegacyTexts& texts, BoundExpressions& bound);

}  // namespace zael::endpoint
