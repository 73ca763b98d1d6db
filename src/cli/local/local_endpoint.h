// LocalEndpoint: the endpoint that serves a data directory, as other processes find it: by what its
// lock file says.
//
// Thread-compatible.
#pragma once

#include <zael/clock.h>
#include <zael/result.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace zael::cli {

// Of the endpoint's log: this much twice, at most.
inline constexpr std::size_t kLocalLogBytes = 4 * 1024 * 1024;

struct LocalEndpoint {
  std::int64_t pid = 0;
  std::string url;
};

// Absent when nobody serves the directory; a holder that serves none, or an absent store, is nobody
// too. Errors: those of engine::FindHolder.
Result<std::optional<LocalEndpoint>> FindEndpoint(const std::string& directory);

// Whether it answers `GET /` within a second or two.
bool Answers(const std::string& url, const std::shared_ptr<Clock>& clock);

}  // namespace zael::cli
