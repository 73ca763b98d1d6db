#include "os/background.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/format.h"
#include "os/files.h"

namespace zael::os {
namespace {

constexpr const char* kThisProgram = "/proc/self/exe";

// posix_spawn's two settings, freed together.
class SpawnSettings {
 public:
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID);
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  void Open(int descriptor, const char* path, int flags) {
    ::posix_spawn_file_actions_addopen(&actions_, descriptor, path, flags, S_IRUSR | S_IWUSR);
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

Result<std::int64_t> StartInBackground(const std::vector<std::string>& words,
                                       const std::string& errors) {
  SpawnSettings settings;
  settings.Open(STDIN_FILENO, "/dev/null", O_RDONLY);
  settings.Open(STDOUT_FILENO, "/dev/null", O_WRONLY);
  settings.Open(STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_APPEND);
  std::vector<std::string> own = words;
  own.insert(own.begin(), "zae-limiter");
  std::vector<char*> arguments;
  arguments.reserve(own.size() + 1);
  for (std::string& word : own) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, kThisProgram, settings.actions(), settings.attributes(),
                                  arguments.data(), ::environ);
  if (error != 0) return SystemError("start in the background", kThisProgram, error);
  return std::int64_t{pid};
}

bool ChildHasEnded(std::int64_t pid) {
  int status = 0;
  return ::waitpid(static_cast<pid_t>(pid), &status, WNOHANG) != 0;
}

Status AskToEnd(std::int64_t pid) {
  if (::kill(static_cast<pid_t>(pid), SIGTERM) == 0) return {};
  if (errno == ESRCH) {
    return Error(ErrorCode::kNotFound, Format("end process {}: there is none", pid));
  }
  return SystemError("end process", Format("{}", pid), errno);
}

}  // namespace zael::os
