#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "dynamo/expression_text.h"
#include "endpoint/expression/expression_binder.h"
#include "store/validate.h"
#include "tests/unit/endpoint/expression/expression_fixture.h"

namespace zael::endpoint {
namespace {

// The bound tree in the words of the client's renderer, or the error without its prefix.
std::string Bound(std::string_view text) {
  ExpressionBindings bindings = TestBindings();
  auto condition = BindCondition("ConditionExpression", text, bindings);
  if (!condition.ok()) {
    const std::string prefix = "Invalid ConditionExpression: ";
    EXPECT_EQ(condition.error().message.substr(0, prefix.size()), prefix);
    return condition.error().message.substr(prefix.size());
  }
  EXPECT_TRUE(store::ValidateCondition(*condition).ok()) << text;
  dynamo::Placeholders placeholders;
  return dynamo::ConditionText(*condition, placeholders);
}

using Case = std::pair<std::string_view, std::string_view>;

TEST(BindCondition, KnowsEveryFormOfCondition) {
  const Case cases[] = {
      {"a = :n", "#n0 = :v0"},
      {"a=:n AND(b<>:n)", "#n0 = :v0 AND #n1 <> :v0"},
      {"#a . #b [ 1 ] . c >= :n", "#n0.#n1[1].#n2 >= :v0"},
      {"#dot = :n", "#n0 = :v0"},
      {"a between :n and :n5", "#n0 BETWEEN :v0 AND :v1"},
      {"(a) IN ((:n), :s)", "#n0 IN (:v0, :v1)"},
      {"size(a) < size(b)", "size(#n0) < size(#n1)"},
      {"(size(a)) = :n", "size(#n0) = :v0"},
      {"size(:s) = :n", ":v0 = :v0"},
      {"attribute_exists (a[0])", "attribute_exists(#n0[0])"},
      {"attribute_not_exists((a))", "attribute_not_exists(#n0)"},
      {"attribute_type(a, :ty)", "attribute_type(#n0, :v0)"},
      {"begins_with(a, :s)", "begins_with(#n0, :v0)"},
      {"contains(:ss, a)", "contains(:v0, #n0)"},
      {"contains(a, size(b))", "contains(#n0, size(#n1))"},
      {"#status = :n", "#n0 = :v0"},
      {" a\t=\n:n\r", "#n0 = :v0"},
  };
  for (const auto& [text, bound] : cases) EXPECT_EQ(Bound(text), bound) << text;
}

TEST(BindCondition, NotBindsBeforeAndBeforeOr) {
  const Case cases[] = {
      {"a = :n OR b = :n AND NOT c = :n", "#n0 = :v0 OR (#n1 = :v0 AND NOT (#n2 = :v0))"},
      {"(a = :n OR b = :n) AND c = :n", "(#n0 = :v0 OR #n1 = :v0) AND #n2 = :v0"},
      {"NOT NOT a = :n", "NOT (NOT (#n0 = :v0))"},
      {"NOT (a = :n AND b = :n)", "NOT (#n0 = :v0 AND #n1 = :v0)"},
      {"((a = :n) AND (b = :n))", "#n0 = :v0 AND #n1 = :v0"},
      {"a = :n and b between :n and :n5 and c in (:n)",
       "#n0 = :v0 AND #n1 BETWEEN :v0 AND :v1 AND #n2 IN (:v0)"},
  };
  for (const auto& [text, bound] : cases) EXPECT_EQ(Bound(text), bound) << text;
}

// What Amazon's own implementation answers, word for word.
TEST(BindCondition, NamesTheTokenThatBreaksTheGrammar) {
  const Case cases[] = {
      {"", "The expression can not be empty;"},
      {"   ", R"(Syntax error; token: "<EOF>", near: "   ")"},
      {"a = ", R"(Syntax error; token: "<EOF>", near: "= ")"},
      {"a", R"(Syntax error; token: "<EOF>", near: "a")"},
      {"a = :n b", R"(Syntax error; token: "b", near: ":n b")"},
      {"a = :n AND", R"(Syntax error; token: "<EOF>", near: "AND")"},
      {"a[b] = :n", R"(Syntax error; token: "b", near: "[b]")"},
      {"a[-1] = :n", R"(Syntax error; token: "-", near: "[-1")"},
      {"a[01] = :n", R"(Syntax error; token: "1", near: "01]")"},
      {"1a = :n", R"(Syntax error; token: "1", near: "1a")"},
      {"a-b = :n", R"(Syntax error; token: "-", near: "a-b")"},
      {"attribute_exists()", R"x(Syntax error; token: ")", near: "()")x"},
      {"a IN :n", R"(Syntax error; token: ":n", near: "IN :n")"},
      {"a == :n", R"(Syntax error; token: "=", near: "== :n")"},
      {"a != :n", R"(Syntax error; token: "!", near: "a !=")"},
      {"AND", R"(Syntax error; token: "AND", near: "AND")"},
      {"a = :n OR OR b = :n", R"(Syntax error; token: "OR", near: "OR OR b")"},
      {"(a = :n", R"(Syntax error; token: "<EOF>", near: ":n")"},
      {"a = :n)", R"x(Syntax error; token: ")", near: ":n)")x"},
      {"a = #", R"(Syntax error; token: "#", near: "= #")"},
      {"a = \"x\"", R"(Syntax error; token: """, near: "= "x")"},
      {"a..b = :n", R"(Syntax error; token: ".", near: "..b")"},
      {"é = :n", R"(Syntax error; token: "é", near: "é =")"},
      {"_a = :n", R"(Syntax error; token: "_", near: "_a")"},
      {"(a) AND b = :n", R"(Syntax error; token: "AND", near: ") AND b")"},
      {"(a = :n) = :n", R"(Syntax error; token: "=", near: ") = :n")"},
      {"NOT a", R"(Syntax error; token: "<EOF>", near: "a")"},
      {"a = add", R"(Syntax error; token: "add", near: "= add")"},
      {"f() ", R"x(Syntax error; token: ")", near: "() ")x"},
      {"((a = :n))", "The expression has redundant parentheses;"},
      {"a = ((:n))", "The expression has redundant parentheses;"},
      {"((foo(a) = :n))", "The expression has redundant parentheses;"},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(Bound(text), error) << text;
}

TEST(BindCondition, RefusesWhatHasNoMeaningInItsOwnWords) {
  const std::string type =
      "Incorrect operand type for operator or function; operator or function: ";
  const std::string misused =
      "The function is not allowed to be used this way in an expression; function: ";
  const std::string distinct =
      "The first operand must be distinct from the remaining operands for this operator or "
      "function; operator: ";
  const std::pair<std::string_view, std::string> cases[] = {
      {"a.status = :n", "Attribute name is a reserved keyword; reserved keyword: status"},
      {"Status = :n", "Attribute name is a reserved keyword; reserved keyword: Status"},
      {"#none = :n",
       "An expression attribute name used in the document path is not defined; attribute name: "
       "#none"},
      {"a = :none",
       "An expression attribute value used in expression is not defined; attribute value: :none"},
      {"foo(a) = :n", "Invalid function name; function: foo"},
      {"ATTRIBUTE_EXISTS(a)", "Invalid function name; function: ATTRIBUTE_EXISTS"},
      {"if_not_exists(a, :n) = :n",
       "The function is not allowed in a condition expression; function: if_not_exists"},
      {"size(a)", misused + "size"},
      {"attribute_exists(a) = :bool", misused + "attribute_exists"},
      {"attribute_exists(a, b)",
       "Incorrect number of operands for operator or function; operator or function: "
       "attribute_exists, number of operands: 2"},
      {"attribute_exists(:n)",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"a < :ss", type + "<, operand type: SS"},
      {"size(a) < :bool", type + "<, operand type: BOOL"},
      {"a BETWEEN :bool AND :bool", type + "BETWEEN, operand type: BOOL"},
      {"begins_with(a, :n)", type + "begins_with, operand type: N"},
      {"begins_with(size(a), :s)", type + "begins_with, operand type: N"},
      {"size(:n) = :n", type + "size, operand type: N"},
      {"size(size(a)) = :n", type + "size, operand type: N"},
      {"attribute_type(a, :n)", type + "attribute_type, operand type: N"},
      {"attribute_type(a, :s)",
       "Invalid attribute type name found; type: x, valid types: "
       "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
      {"a = a", distinct + "=, first operand: [a]"},
      {"a.b[0] IN (c, a.b[0])", distinct + "IN, first operand: [a, b, [0]]"},
      {"contains(a, a)", distinct + "contains, first operand: [a]"},
      {"a BETWEEN :n AND :s",
       "The BETWEEN operator requires same data type for lower and upper bounds; lower bound "
       "operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:x}"},
      {"a BETWEEN :n5 AND :n",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
       "lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {N:1}"},
      {"a[2147483648] = :n", "List index is not within the allowable range; index: [2147483648]"},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(Bound(text), error) << text;
}

TEST(BindCondition, TheFirstFaultInTheTextIsTold) {
  EXPECT_EQ(Bound("foo(b) AND size(a)"), "Invalid function name; function: foo");
  EXPECT_EQ(Bound("size(a) AND foo(b)"),
            "The function is not allowed to be used this way in an expression; function: size");
  EXPECT_EQ(Bound("#none = :none"),
            "An expression attribute name used in the document path is not defined; attribute "
            "name: #none");
}

TEST(BindCondition, LengthOperatorsAndDepthAreBounded) {
  std::string many = "a = :n";
  for (int i = 1; i < 150; ++i) many += " OR a = :n";
  EXPECT_EQ(Bound(many).substr(0, 9), "#n0 = :v0");
  const std::string too_many = "The expression contains too many operators; operator count: 301";
  EXPECT_EQ(Bound(many + " OR a = :n"), too_many);
  std::string nested;
  for (int i = 0; i < 1000; ++i) nested += "NOT ";
  EXPECT_EQ(Bound(nested + "a = :n"), too_many);
  EXPECT_EQ(Bound(std::string(4000, '(')), too_many);
  EXPECT_EQ(Bound("a = :n" + std::string(4091, ' ')),
            "Expression size has exceeded the maximum allowed size; expression size: 4097");
  std::string path = "a";
  for (int i = 0; i < 32; ++i) path += ".b";
  EXPECT_EQ(Bound(path + " = :n"),
            "The document path has too many nesting levels; nesting levels: 33");
  std::string list = "a IN (:n";
  for (int i = 0; i < 100; ++i) list += ", :n";
  EXPECT_EQ(Bound(list + ")"),
            "The IN operator is provided with too many operands; number of operands: 101");
}

}  // namespace
}  // namespace zael::endpoint
