// Format: text with values in it, checked when compiled. The only file that includes fmt.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

namespace zael {

template <typename... Args>
[[nodiscard]] std::string Format(fmt::format_string<Args...> text, Args&&... args) {
  return fmt::format(text, std::forward<Args>(args)...);
}

}  // namespace zael
