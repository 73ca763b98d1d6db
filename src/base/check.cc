#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace zael {

void DieOfFailedCheck(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "zae-limiter: internal error: %s does not hold (%s:%d)\n", condition, file,
               line);
  std::abort();
}

}  // namespace zael
