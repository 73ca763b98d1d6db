#include "os/environment.h"

#include <unistd.h>

#include <cstdlib>

namespace zael::os {

std::optional<std::string> Environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

std::int64_t ProcessId() { return ::getpid(); }

Result<std::string> DefaultDataDirectory() {
  if (auto own = Environment("ZAEL_DATA_DIR")) return *own;
  // A relative XDG_DATA_HOME is invalid by its specification and must be ignored.
  if (auto data = Environment("XDG_DATA_HOME"); data && data->front() == '/') {
    return *data + "/zae-limiter";
  }
  if (auto home = Environment("HOME")) return *home + "/.local/share/zae-limiter";
  return Error(
      ErrorCode::kInvalidArgument,
      "find data directory: none given, and none of ZAEL_DATA_DIR, XDG_DATA_HOME and HOME is "
      "set");
}

}  // namespace zael::os
