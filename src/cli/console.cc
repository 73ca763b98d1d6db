#include "cli/console.h"

#include "base/format.h"

namespace zael::cli {
namespace {

std::string Styled(bool colour, Style style, std::string_view text) {
  if (!colour || style == Style::kPlain || text.empty()) return std::string(text);
  const char* code = "0";
  switch (style) {
    case Style::kPlain:
      break;
    case Style::kStrong:
      code = "1";
      break;
    case Style::kGood:
      code = "32";
      break;
    case Style::kBad:
      code = "31";
      break;
    case Style::kWarn:
      code = "33";
      break;
    case Style::kDim:
      code = "2";
      break;
  }
  return Format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace

std::string Console::OutStyled(Style style, std::string_view text) const {
  return Styled(out_is_terminal && colour_allowed, style, text);
}

std::string Console::ErrStyled(Style style, std::string_view text) const {
  return Styled(err_is_terminal && colour_allowed, style, text);
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  bool escape = false;
  for (const char c : text) {
    if (escape) {
      escape = c != 'm';
    } else if (c == '\x1b') {
      escape = true;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++width;
    }
  }
  return width;
}

}  // namespace zael::cli
