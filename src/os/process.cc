#include "os/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <list>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "base/format.h"
#include "base/mutex.h"
#include "base/text.h"
#include "os/file_descriptor.h"
#include "os/files.h"

// NOLINTNEXTLINE(readability-redundant-declaration): POSIX wants it declared by whoever uses it.
extern char** environ;

namespace zael::os {
namespace {

using Clock = std::chrono::steady_clock;

// How soon an ended program is noticed whose children keep its output open.
constexpr std::chrono::milliseconds kLookAgain{20};

// What posix_spawn is told: no input, output into a pipe, no errors, an own group, usual signals.
class ChildSettings {
 public:
  explicit ChildSettings(int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~ChildSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  ChildSettings(const ChildSettings&) = delete;
  ChildSettings& operator=(const ChildSettings&) = delete;

  // An error number, or 0.
  int Spawn(std::vector<std::string>& arguments, pid_t* pid) const {
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    return ::posix_spawnp(pid, pointers.front(), &actions_, &attributes_, pointers.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// One program, from its start to its end. Its thread alone uses it, but for Stop.
class Process {
 public:
  Process(ProcessRequest request, std::function<void(Result<ProcessResult>)> done)
      : request_(std::move(request)), done_(std::move(done)), stop_(::eventfd(0, EFD_CLOEXEC)) {}

  void Run() {
    Result<ProcessResult> result = Start();
    if (result.ok()) result = Follow();
    done_(std::move(result));
    ended_ = true;
  }

  // Instead of Run.
  void Refuse(const std::string& cause) const { done_(Fail(ErrorCode::kUnavailable, cause)); }

  void Stop() const {
    const std::uint64_t one = 1;
    (void)!::write(stop_.get(), &one, sizeof(one));
  }
  bool ended() const { return ended_; }

 private:
  Error Fail(ErrorCode code, const std::string& cause) const {
    return Error(code, Format("run {}: {}", Shorten(request_.arguments.front()), cause));
  }

  Result<ProcessResult> Start() {
    int ends[2];
    if (!stop_.valid() || ::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
      return Fail(ErrorCode::kUnavailable, std::generic_category().message(errno));
    }
    output_ = FileDescriptor(ends[0]);
    const FileDescriptor input(ends[1]);
    // The program shall find a usual, blocking output.
    ::fcntl(input.get(), F_SETFL, 0);
    const int error = ChildSettings(input.get()).Spawn(request_.arguments, &pid_);
    if (error == 0) return ProcessResult{};
    return Fail(SystemError("", "", error).code(), std::generic_category().message(error));
  }

  Result<ProcessResult> Follow() {
    const auto deadline = Clock::now() + request_.timeout;
    std::string output;
    std::optional<int> status;
    std::optional<Error> trouble;
    bool open = true;
    while (!trouble && (open || !status)) {
      if (!status) status = Reap(WNOHANG);
      open = open && ReadMore(&output);
      if (output.size() > request_.max_output_bytes) {
        trouble = Fail(ErrorCode::kInvalidArgument,
                       Format("it prints more than {} bytes", request_.max_output_bytes));
      } else if (status) {
        break;  // whatever its children still print is not its answer
      } else if (Clock::now() >= deadline) {
        trouble = Fail(ErrorCode::kDeadlineExceeded,
                       Format("it did not end within {} ms", request_.timeout.count()));
      } else if (Wait(open)) {
        trouble = Fail(ErrorCode::kUnavailable, "the caller is ending");
      }
    }
    if (!status) {
      ::kill(-pid_, SIGKILL);
      status = Reap(0);
    }
    if (trouble) return *std::move(trouble);
    if (!WIFEXITED(*status)) return Fail(ErrorCode::kUnavailable, "it was killed");
    return ProcessResult{WEXITSTATUS(*status), std::move(output)};
  }

  std::optional<int> Reap(int flags) const {
    int status = 0;
    pid_t reaped = 0;
    do {
      reaped = ::waitpid(pid_, &status, flags);
    } while (reaped < 0 && errno == EINTR);
    if (reaped == 0) return std::nullopt;
    return status;
  }

  // Takes what is there; false when no more will come.
  bool ReadMore(std::string* output) const {
    char chunk[4096];
    while (output->size() <= request_.max_output_bytes) {
      const ssize_t got = ::read(output_.get(), chunk, sizeof(chunk));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return errno == EAGAIN;
      if (got == 0) return false;
      output->append(chunk, static_cast<std::size_t>(got));
    }
    return true;
  }

  // For output or a moment; true when Stop was called.
  bool Wait(bool open) const {
    pollfd watched[2] = {{stop_.get(), POLLIN, 0}, {open ? output_.get() : -1, POLLIN, 0}};
    (void)::poll(watched, 2, static_cast<int>(kLookAgain.count()));
    return (watched[0].revents & POLLIN) != 0;
  }

  ProcessRequest request_;
  const std::function<void(Result<ProcessResult>)> done_;
  const FileDescriptor stop_;
  FileDescriptor output_;
  pid_t pid_ = -1;
  std::atomic<bool> ended_{false};
};

class ThreadedRunner final : public ProcessRunner {
 public:
  ~ThreadedRunner() override {
    std::list<Running> running;
    {
      const MutexLock lock(mutex_);
      running.swap(running_);
    }
    for (const Running& each : running) each.process->Stop();
    for (Running& each : running) Leave(each.thread);
  }

  void Run(ProcessRequest request, std::function<void(Result<ProcessResult>)> done) override {
    if (request.arguments.empty() || request.arguments.front().empty()) {
      return done(Error(ErrorCode::kInvalidArgument, "run program: none is named"));
    }
    auto process = std::make_shared<Process>(std::move(request), std::move(done));
    if (const auto trouble = StartThread(process)) process->Refuse(*trouble);
  }

 private:
  struct Running {
    std::shared_ptr<Process> process;
    std::thread thread;  // holds the process alone, and never the runner
  };

  // Why there is none.
  std::optional<std::string> StartThread(const std::shared_ptr<Process>& process) {
    const MutexLock lock(mutex_);
    running_.remove_if([](Running& running) {
      if (running.process->ended()) Leave(running.thread);
      return !running.thread.joinable();
    });
    try {
      running_.push_back({process, std::thread([process] { process->Run(); })});
      return std::nullopt;
    } catch (const std::system_error& error) {
      return error.what();
    }
  }

  // A `done` may be what ends the runner: that thread cannot wait for itself, and needs nobody to.
  static void Leave(std::thread& thread) {
    if (thread.get_id() == std::this_thread::get_id()) {
      thread.detach();
    } else {
      thread.join();
    }
  }

  Mutex mutex_;
  std::list<Running> running_ ZAEL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<ProcessRunner> MakeProcessRunner() { return std::make_unique<ThreadedRunner>(); }

}  // namespace zael::os
