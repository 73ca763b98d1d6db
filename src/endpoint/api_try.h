// ZAEL_API_TRY and ZAEL_API_ASSIGN: ZAEL_TRY and ZAEL_ASSIGN (base/try.h) where the enclosing
// function answers an ApiResult; the expression may be an ApiResult or a Result.
#pragma once

#include "base/try.h"
#include "endpoint/api_error.h"

#define ZAEL_API_TRY(...) ZAEL_API_TRY_AS(ZAEL_TRY_CONCAT(zael_try_, __LINE__), __VA_ARGS__)
#define ZAEL_API_TRY_AS(name, ...)                            \
  do {                                                        \
    if (auto&& name = (__VA_ARGS__); !name.ok()) [[unlikely]] \
      return name.error();                                    \
  } while (false)

#define ZAEL_API_ASSIGN(declaration, ...) \
  ZAEL_API_ASSIGN_AS(ZAEL_TRY_CONCAT(zael_assign_, __LINE__), declaration, __VA_ARGS__)
#define ZAEL_API_ASSIGN_AS(name, declaration, ...) \
  auto name = (__VA_ARGS__);                       \
  if (!name.ok()) [[unlikely]]                     \
    return name.error();                           \
  declaration = *std::move(name)
