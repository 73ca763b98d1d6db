// LimiterLoad: eight threads that acquire, adjust, release and roll back through the public API, on
// two children of one parent, as fast as they are answered.
//
// Every call is told twice: before it begins and when it is answered. Whoever hears of it knows
// what was acknowledged and what was still under way when the program was killed or the power
// failed.
#pragma once

#include <zael/repository.h>
#include <zael/result.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace zael::crash {

inline constexpr std::uint32_t kLoadThreads = 8;

// The buckets of the load, by their numbers.
struct LoadBucket {
  std::string entity;
  Limit limit;
};
const std::vector<LoadBucket>& LoadBuckets();
inline constexpr std::size_t kLoadBuckets = 6;

enum class LoadEventKind : std::uint32_t { kBegun, kGranted, kCorrected, kRefused };

// Plain bytes, to go through a pipe whole.
struct LoadEvent {
  std::uint32_t thread = 0;
  LoadEventKind kind = LoadEventKind::kBegun;
  std::int64_t from_ms = 0;                           // when the call began
  std::int64_t until_ms = 0;                          // when it was answered
  std::array<std::int64_t, kLoadBuckets> tokens{};    // > 0 charged, < 0 given back
  std::array<std::int64_t, kLoadBuckets> as_of_ms{};  // of the grant, also when it is corrected
};

// Heard from all threads at once.
class LoadObserver {
 public:
  virtual ~LoadObserver() = default;
  virtual void OnEvent(const LoadEvent& event) = 0;
  // The call under way has no certain outcome; its thread ends.
  virtual void OnError(const Error& error) = 0;
};

// The entities and limits of the load, where they are missing.
Status PrepareLoad(Repository& repository);

// Returns when every thread was told to stop or met an error.
void RunLoad(const std::shared_ptr<Repository>& repository, std::uint64_t seed,
             LoadObserver& observer, const std::atomic<bool>& stop);

}  // namespace zael::crash
