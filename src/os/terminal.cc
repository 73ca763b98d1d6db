#include "os/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>

#include "os/environment.h"

namespace zael::os {

bool StandardOutputIsTerminal() { return ::isatty(STDOUT_FILENO) == 1; }
bool StandardErrorIsTerminal() { return ::isatty(STDERR_FILENO) == 1; }

int TerminalColumns() {
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
  int columns = 0;
  if (const auto text = Environment("COLUMNS")) {
    std::from_chars(text->data(), text->data() + text->size(), columns);
  }
  return columns > 0 && columns <= 10'000 ? columns : kDefaultTerminalColumns;
}

}  // namespace zael::os
