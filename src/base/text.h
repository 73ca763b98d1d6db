// Text for people: values from outside made safe and short enough for one line of a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace zael {

// The most bytes of a foreign value that a message repeats.
inline constexpr std::size_t kShortenedBytes = 40;

// `value` in single quotes, control characters and bytes above ASCII as \xNN, and cut after
// kShortenedBytes bytes with `...` and the full length: 'rpm', 'aaaa...' (300 bytes).
std::string Shorten(std::string_view value);

}  // namespace zael
