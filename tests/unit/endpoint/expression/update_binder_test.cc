#include <gtest/gtest.h>

#include <utility>

#include "dynamo/expression_text.h"
#include "endpoint/expression/expression_binder.h"
#include "endpoint/expression/path_binder.h"
#include "store/validate.h"
#include "tests/unit/endpoint/expression/expression_fixture.h"

namespace zael::endpoint {
namespace {

std::string WithoutPrefix(std::string_view prefix, std::string_view message) {
  EXPECT_EQ(message.substr(0, prefix.size()), prefix);
  return std::string(message.substr(prefix.size()));
}

std::string Update(std::string_view text) {
  ExpressionBindings bindings = TestBindings();
  auto actions = BindUpdate(text, bindings);
  if (!actions.ok()) {
    return WithoutPrefix("Invalid UpdateExpression: ", actions.error().message);
  }
  EXPECT_TRUE(store::ValidateActions(*actions).ok()) << text;
  dynamo::Placeholders placeholders;
  return dynamo::UpdateText(*actions, placeholders);
}

std::string Projection(std::string_view text) {
  ExpressionBindings bindings = TestBindings();
  auto paths = BindProjection(text, bindings);
  if (!paths.ok()) {
    return WithoutPrefix("Invalid ProjectionExpression: ", paths.error().message);
  }
  std::string all;
  for (const Path& path : *paths) all += PathText(path);
  return all;
}

using Case = std::pair<std::string_view, std::string_view>;

TEST(BindUpdate, KnowsEveryActionAndEveryRightSide) {
  const Case cases[] = {
      {"SET a = :n", "SET #n0 = :v0"},
      {"set a = :n, b = c remove d, e[1] add f :n delete g :ss",
       "SET #n0 = :v0, #n1 = #n2 REMOVE #n3, #n4[1] ADD #n5 :v0 DELETE #n6 :v1"},
      {"REMOVE a SET b = :n", "SET #n0 = :v0 REMOVE #n1"},
      {"SET a = a + :n, b = :n-b", "SET #n0 = #n0 + :v0, #n1 = :v0 - #n1"},
      {"SET a = (:n + b), b = (:n) + :n, c = ((:n) - (d))",
       "SET #n0 = :v0 + #n1, #n1 = :v0 + :v0, #n2 = :v0 - #n3"},
      {"SET a = if_not_exists(a, :n) + if_not_exists((b), c)",
       "SET #n0 = if_not_exists(#n0, :v0) + if_not_exists(#n1, #n2)"},
      {"SET a = if_not_exists(b, if_not_exists(c, :n))",
       "SET #n0 = if_not_exists(#n1, if_not_exists(#n2, :v0))"},
      {"SET a = list_append(:l, if_not_exists(a, :l))",
       "SET #n0 = list_append(:v0, if_not_exists(#n0, :v0))"},
      {"SET #a.#b[0] = :m", "SET #n0.#n1[0] = :v0"},
  };
  for (const auto& [text, bound] : cases) EXPECT_EQ(Update(text), bound) << text;
}

TEST(BindUpdate, NamesTheTokenThatBreaksTheGrammar) {
  const Case cases[] = {
      {"", "The expression can not be empty;"},
      {"SET", R"(Syntax error; token: "<EOF>", near: "SET")"},
      {"foo a = :n", R"(Syntax error; token: "foo", near: "foo a")"},
      {"SET a = :n + :n + :n", R"(Syntax error; token: "+", near: ":n + :n")"},
      {"SET a = :n + (:n + :n)", R"(Syntax error; token: "+", near: ":n + :n")"},
      {"SET (a) = :n", R"(Syntax error; token: "(", near: "SET (a")"},
      {"SET a == :n", R"(Syntax error; token: "=", near: "== :n")"},
      {"SET a = b = :n", R"(Syntax error; token: "=", near: "b = :n")"},
      {"SET set = :n", R"(Syntax error; token: "set", near: "SET set =")"},
      {"SET a = :n b = :n", R"(Syntax error; token: "b", near: ":n b =")"},
      {"SET a = -:n", R"(Syntax error; token: "-", near: "= -:n")"},
      {"SET a = if_not_exists b", R"(Syntax error; token: "b", near: "if_not_exists b")"},
      {"ADD a b", R"(Syntax error; token: "b", near: "a b")"},
      {"ADD a (:n)", R"(Syntax error; token: "(", near: "a (:n")"},
      {"REMOVE a,", R"(Syntax error; token: "<EOF>", near: ",")"},
      {"SET a = :n REMOVE", R"(Syntax error; token: "<EOF>", near: "REMOVE")"},
      {"SET a = ((:n))", "The expression has redundant parentheses;"},
      {"SET a = ((:n + :n))", "The expression has redundant parentheses;"},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(Update(text), error) << text;
}

TEST(BindUpdate, RefusesWhatHasNoMeaningInItsOwnWords) {
  const Case cases[] = {
      {"SET a = :n SET b = :n",
       "The \"SET\" section can only be used once in an update "
       "expression;"},
      {"SET a = :n REMOVE #a",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [a], path two: [a]"},
      {"SET m.x = :n, m = :m",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [m, x], path two: [m]"},
      {"SET m.x = :n, m[0] = :n",
       "Two document paths conflict with each other; must remove or rewrite one of these paths; "
       "path one: [m, x], path two: [m, [0]]"},
      {"SET a = foo(b)", "Invalid function name; function: foo"},
      {"SET a = size(b)", "The function is not allowed in an update expression; function: size"},
      {"SET a = status", "Attribute name is a reserved keyword; reserved keyword: status"},
      {"SET a = :s + :n",
       "Incorrect operand type for operator or function; operator or function: +, operand type: "
       "S"},
      {"SET a = list_append(:l, :n)",
       "Incorrect operand type for operator or function; operator or function: list_append, "
       "operand type: N"},
      {"SET a = list_append(b)",
       "Incorrect number of operands for operator or function; operator or function: "
       "list_append, number of operands: 1"},
      {"SET a = list_append(list_append(b, :l), :l)",
       "The function is not allowed to be used this way in an expression; function: list_append"},
      {"SET a = :n + list_append(b, :l)",
       "The function is not allowed to be used this way in an expression; function: list_append"},
      {"SET a = if_not_exists(b, b)",
       "The first operand must be distinct from the remaining operands for this operator or "
       "function; operator: if_not_exists, first operand: [b]"},
      {"SET a = if_not_exists(:n, :n)",
       "Operator or function requires a document path; operator or function: if_not_exists"},
      {"ADD a :s",
       "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, "
       "typeSet: ALLOWED_FOR_ADD_OPERAND"},
      {"DELETE a :n",
       "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, "
       "typeSet: ALLOWED_FOR_DELETE_OPERAND"},
      {"SET a = :none",
       "An expression attribute value used in expression is not defined; attribute value: :none"},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(Update(text), error) << text;
}

TEST(BindUpdate, SectionsAreJudgedBeforePathsAndPathsBeforeValues) {
  EXPECT_EQ(Update("SET a = :none, a = :none SET b = :n").substr(0, 9), "The \"SET\"");
  EXPECT_EQ(Update("SET a = :none, a = :none").substr(0, 18), "Two document paths");
  EXPECT_EQ(Update("SET a = size(b), a = :n SET c = :n"),
            "The function is not allowed in an update expression; function: size");
}

TEST(BindProjection, AnswersPathsThatDoNotMeet) {
  const Case cases[] = {
      {"a, #b.c[0]", "[a][b, c, [0]]"},
      {"l[2],l[0]", "[l, [2]][l, [0]]"},
      {"a,", R"(Syntax error; token: "<EOF>", near: ",")"},
      {"(a)", R"(Syntax error; token: "(", near: "(a")"},
      {":n", R"(Syntax error; token: ":n", near: ":n")"},
      {"a, a",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [a], path two: [a]"},
      {"a.b, a[0]",
       "Two document paths conflict with each other; must remove or rewrite one of these paths; "
       "path one: [a, b], path two: [a, [0]]"},
      {"status", "Attribute name is a reserved keyword; reserved keyword: status"},
  };
  for (const auto& [text, bound] : cases) EXPECT_EQ(Projection(text), bound) << text;
}

}  // namespace
}  // namespace zael::endpoint
