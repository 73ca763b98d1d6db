// Placeholders for the tests of expressions: every #name stands for the name behind the sign, the
// values are one of each kind.
#pragma once

#include <string>
#include <string_view>

#include "endpoint/expression/expression_bindings.h"
#include "json/json_document.h"

namespace zael::endpoint {

inline ExpressionBindings TestBindings() {
  static const auto names =
      json::JsonDocument::Parse(R"({"#a":"a","#b":"b","#dot":"x.y","#status":"status"})");
  static const auto values = json::JsonDocument::Parse(
      R"({":s":{"S":"x"},":n":{"N":"1"},":n5":{"N":"5"},":bool":{"BOOL":true},":l":{"L":[]},)"
      R"(":m":{"M":{}},":ss":{"SS":["a"]},":null":{"NULL":true},":ty":{"S":"SS"}})");
  return *ExpressionBindings::Read(names->root(), values->root());
}

}  // namespace zael::endpoint
