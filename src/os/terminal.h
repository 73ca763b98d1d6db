// What kind of place the output goes to: a person's terminal, and how wide it is, or a file.
#pragma once

namespace zael::os {

inline constexpr int kDefaultTerminalColumns = 80;

bool StandardOutputIsTerminal();
bool StandardErrorIsTerminal();

// Of standard output, else of standard error, else COLUMNS, else kDefaultTerminalColumns.
int TerminalColumns();

}  // namespace zael::os
