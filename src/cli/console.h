// Console: where a command's words go, and what the place can show.
//
// The program makes one over stdout and stderr; tests make one over strings. Thread-compatible.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace zael::cli {

enum class Style { kPlain, kStrong, kGood, kBad, kWarn, kDim };

struct Console {
  std::function<void(std::string_view)> out;
  std::function<void(std::string_view)> err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool colour_allowed = true;  // NO_COLOR unset and TERM not dumb
  int width = 80;
  // Whether the user wants to stop: a long command asks between two steps and ends with what it
  // has.
  std::function<bool()> interrupted = [] { return false; };

  // `text` in that style where the target shows colour, else as it is.
  std::string OutStyled(Style style, std::string_view text) const;
  std::string ErrStyled(Style style, std::string_view text) const;
};

// Columns `text` takes on a terminal: escape sequences none, UTF-8 sequences one.
std::size_t DisplayWidth(std::string_view text);

}  // namespace zael::cli
