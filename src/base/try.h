// ZAEL_TRY and ZAEL_ASSIGN: pass an error on to the caller, else go on.
//
// ZAEL_TRY(expression);            any Result; its value, if any, is dropped
// ZAEL_ASSIGN(auto x, expression); a Result<T>; moves the value out. An expression with commas
// outside
//                                  parentheses is fine; a declaration with commas (std::map<A, B>
//                                  x) is not.
// The enclosing function returns a Result. ZAEL_ASSIGN is two statements: give it braces under an
// `if`.
#pragma once

#include <zael/result.h>

#include <utility>

#define ZAEL_TRY_CONCAT_INNER(a, b) a##b
#define ZAEL_TRY_CONCAT(a, b) ZAEL_TRY_CONCAT_INNER(a, b)

#define ZAEL_TRY(...) ZAEL_TRY_AS(ZAEL_TRY_CONCAT(zael_try_, __LINE__), __VA_ARGS__)
#define ZAEL_TRY_AS(name, ...)                                \
  do {                                                        \
    if (auto&& name = (__VA_ARGS__); !name.ok()) [[unlikely]] \
      return ::zael::Error(name.error());                     \
  } while (false)

#define ZAEL_ASSIGN(declaration, ...) \
  ZAEL_ASSIGN_AS(ZAEL_TRY_CONCAT(zael_assign_, __LINE__), declaration, __VA_ARGS__)
#define ZAEL_ASSIGN_AS(name, declaration, ...) \
  auto name = (__VA_ARGS__);                   \
  if (!name.ok()) [[unlikely]]                 \
    return ::zael::Error(name.error());        \
  declaration = *std::move(name)
