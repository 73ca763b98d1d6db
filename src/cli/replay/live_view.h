// LiveView: what a running replay shows on stderr: a table that redraws itself, or plain progress
// lines.
//
// Nothing is shown during the first second. Thread-compatible: one thread draws.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "cli/console.h"
#include "cli/replay/run.h"

namespace zael::cli::replay {

class LiveView {
 public:
  LiveView(const Console& console, const Tenants& tenants, std::size_t calls, bool quiet);

  // Draws the present state when it is time to.
  void Update(const ReplayRun& run);

  // Takes the table off the screen.
  void Clear();

 private:
  void DrawTable(const ReplayRun& run);
  void PrintLine(const ReplayRun& run);

  const Console& console_;
  const Tenants& tenants_;
  const std::size_t calls_;
  const bool quiet_;
  std::size_t lines_on_screen_ = 0;
  std::chrono::nanoseconds last_line_{0};
};

// `[#########.....]  64 %`.
std::string ProgressBar(std::uint64_t done, std::uint64_t all, std::size_t width);

}  // namespace zael::cli::replay
