// CHECK: ends the program on a bug of our own.
//
// Only for states that no caller, file or peer can cause; everything an outsider can cause is an
// Error. The condition is always evaluated, in every build.
#pragma once

namespace zael {

[[noreturn]] void DieOfFailedCheck(const char* condition, const char* file, int line);

}  // namespace zael

#define CHECK(condition)                                        \
  do {                                                          \
    if (!(condition)) [[unlikely]]                              \
      ::zael::DieOfFailedCheck(#condition, __FILE__, __LINE__); \
  } while (false)
