// The program `zae-limiter`.
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "cli/program.h"
#include "os/environment.h"
#include "os/interrupt.h"
#include "os/terminal.h"

namespace {

void Write(std::FILE* file, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), file);
  std::fflush(file);
}

}  // namespace

int main(int argc, char** argv) {
  const zael::cli::Environment environment = [](const std::string& name) {
    return zael::os::Environment(name.c_str());
  };
  zael::cli::Console console;
  console.out = [](std::string_view text) { Write(stdout, text); };
  console.err = [](std::string_view text) { Write(stderr, text); };
  console.out_is_terminal = zael::os::StandardOutputIsTerminal();
  console.err_is_terminal = zael::os::StandardErrorIsTerminal();
  console.colour_allowed = !environment("NO_COLOR") && environment("TERM") != "dumb";
  console.width = zael::os::TerminalColumns();
  zael::os::CatchInterrupts();
  console.interrupted = zael::os::Interrupted;
  return zael::cli::RunProgram(std::vector<std::string>(argv + 1, argv + argc), environment,
                               console);
}
