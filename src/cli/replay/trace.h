// Trace: recorded calls of a language model service, to be replayed against limits.
//
// Read from CSV whose header decides: `TIMESTAMP,ContextTokens,GeneratedTokens` (the form of the
// Azure inference traces, up to 9 fractional digits), with `entity` and `resource` columns in our
// own form. Lines may end in \r\n, the last one may lack its newline. Plain values. Format:
// docs/replay.md.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zael::cli::replay {

// 100 ns since the Unix epoch, the resolution of the traces.
using TraceTime =
    std::chrono::time_point<std::chrono::system_clock,
                            std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>>;

constexpr WallTime ToWallTime(TraceTime time) { return std::chrono::floor<Milliseconds>(time); }

struct TraceCall {
  TraceTime at{};
  std::int64_t context_tokens = 0;
  std::int64_t generated_tokens = 0;
  std::int32_t entity = -1;    // index into Trace::names; -1: the trace has no such column
  std::int32_t resource = -1;  // the same
  std::uint32_t line =
      0;  // in its file, the header is line 1; of a generated trace the number of the call
  std::uint32_t file = 0;  // index into Trace::files
};

struct Trace {
  std::vector<TraceCall> calls;  // ascending in time
  std::vector<std::string> names;
  std::vector<std::string> files;

  bool has_entities() const { return !calls.empty() && calls.front().entity >= 0; }
};

struct TraceText {
  std::string name;
  std::string content;
};

// The largest token count a row may have.
inline constexpr std::int64_t kMaxCallTokens = 1'000'000'000;

// Reads every file and merges the calls by time; calls of the same moment keep the order of the
// files and lines. Errors: kInvalidArgument naming file, line, column, value and rule; a mix of
// files with and without an entity column.
Result<Trace> ReadTraces(const std::vector<TraceText>& texts);

// The trace repeated with its times shifted, or cut, until it has exactly `calls` calls. Each
// repetition starts one second after the last call of the one before. Requires: at least one call.
void RepeatTo(Trace& trace, std::size_t calls);

// A made-up trace of the same shape: bursts, heavy-tailed token counts; the same seed gives the
// same trace.
Trace GenerateTrace(std::size_t calls, std::uint64_t seed);

}  // namespace zael::cli::replay
