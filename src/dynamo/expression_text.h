// ExpressionText: condition and update trees as DynamoDB's expression strings.
//
// Every attribute name and every value becomes a placeholder (#n0, :v0), each distinct one once and
// shared by all expressions of a request: no name can collide with a keyword or break the grammar,
// and no value is sent twice. The trees must outlive the Placeholders, which only points at their
// names and values. Facts: dynamodb-api.md 2.1.
#pragma once

#include <zael/expression.h>

#include <string>
#include <string_view>
#include <vector>

#include "json/json_writer.h"

namespace zael::dynamo {

// Thread-compatible.
class Placeholders {
 public:
  // Appends the placeholder to `text`.
  void AppendName(std::string_view name, std::string& text);
  void AppendValue(const Value& value, std::string& text);

  // The members ExpressionAttributeNames and ExpressionAttributeValues, each only when needed:
  // DynamoDB refuses empty ones.
  void Write(json::JsonWriter& writer) const;

 private:
  std::vector<std::string_view> names_;
  std::vector<const Value*> values_;
};

// ConditionExpression or FilterExpression. Requires: store::ValidateCondition takes it.
std::string ConditionText(const Condition& condition, Placeholders& placeholders);

// UpdateExpression; empty when there are no actions. Requires: store::ValidateActions takes them.
std::string UpdateText(const UpdateActions& actions, Placeholders& placeholders);

// KeyConditionExpression. `range` is absent or a condition on the range key.
std::string KeyConditionText(std::string_view hash_name, const Value& hash, const Condition* range,
                             Placeholders& placeholders);

}  // namespace zael::dynamo
