// ASCII: letters, digits, case and blanks as the formats of AWS and HTTP mean them, whatever the
// process's locale.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace zael::aws {

constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr bool IsBlank(char c) { return c == ' ' || c == '\t'; }
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlphanumeric(char c) {
  return (ToLower(c) >= 'a' && ToLower(c) <= 'z') || IsDigit(c);
}
constexpr bool IsControl(char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }

inline std::string ToLower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return ToLower(c); });
  return lower;
}

// Without the blanks around it.
constexpr std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace zael::aws
