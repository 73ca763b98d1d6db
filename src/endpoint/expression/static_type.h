// Types of operands, as far as an expression alone tells them: what DynamoDB refuses before it
// looks at an item, and how its messages name types and values.
#pragma once

#include <zael/expression.h>

#include <string>
#include <string_view>

namespace zael::endpoint {

// S, N, B, SS, NS, BS, M, L, BOOL or NULL.
std::string_view TypeName(const Value& value);
// STRING, NUMBER ...: the other way messages name them.
std::string_view LongTypeName(const Value& value);

// Of a value its type, of size() N, of a path nothing: the item decides.
std::string_view TypeOf(const Operand& operand);

// Has an order: a number, a string, a binary.
bool IsOrderedType(std::string_view type);

// {N:5}
std::string ShownValue(const Value& value);

}  // namespace zael::endpoint
