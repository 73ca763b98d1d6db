#include "open/open_engines.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <system_error>

#include "base/format.h"
#include "base/mutex.h"
#include "base/text.h"
#include "base/try.h"

namespace zael::open {
namespace {

struct OpenEngine {
  std::weak_ptr<engine::Engine> engine;
  Durability durability;
};

// Held while an engine opens: a second caller for any directory waits for the first.
Mutex open_mutex;
std::map<std::string, OpenEngine> open_engines ZAEL_GUARDED_BY(open_mutex);

// One spelling of the directory, also before it exists.
std::string Canonical(const std::string& directory) {
  std::error_code error;
  const auto path = std::filesystem::weakly_canonical(directory, error);
  return error ? directory : path.string();
}

}  // namespace

Result<Stores> SharedEngine(const engine::EngineOptions& options) {
  const std::string directory = Canonical(options.directory);
  const MutexLock lock(open_mutex);
  if (const auto found = open_engines.find(directory); found != open_engines.end()) {
    if (const auto engine = found->second.engine.lock()) {
      if (found->second.durability != options.durability) {
        return Error(ErrorCode::kFailedPrecondition,
                     Format("open {}: this process has it open with another durability; use the "
                            "same for both",
                            Shorten(directory)));
      }
      return engine->stores();
    }
    open_engines.erase(found);
  }
  ZAEL_ASSIGN(const std::shared_ptr<engine::Engine> engine, engine::Engine::Open(options));
  open_engines[directory] = {engine, options.durability};
  return engine->stores();
}

}  // namespace zael::open
