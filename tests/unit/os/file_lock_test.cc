#include "os/file_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/environment.h"
#include "os/files.h"
#include "scratch_directory.h"

namespace zael::os {
namespace {

TEST(FileLock, HasOneHolderAndNamesIt) {
  const ScratchDirectory directory;
  auto first = FileLock::TryLock(directory / "lock");
  ASSERT_TRUE(first.ok()) << first.error().message();
  ASSERT_TRUE(first->lock.has_value());
  auto second = FileLock::TryLock(directory / "lock");
  ASSERT_TRUE(second.ok());
  EXPECT_FALSE(second->lock.has_value());
  EXPECT_EQ(second->holder_pid, ProcessId());
}

TEST(FileLock, TellsWhatItsHolderPublishes) {
  const ScratchDirectory directory;
  auto first = FileLock::TryLock(directory / "lock");
  EXPECT_EQ(FileLock::TryLock(directory / "lock")->holder_note, "");
  ASSERT_TRUE(first->lock->Publish("http://127.0.0.1:8000").ok());
  EXPECT_EQ(FileLock::TryLock(directory / "lock")->holder_note, "http://127.0.0.1:8000");
  EXPECT_EQ(FileLock::TryLock(directory / "lock")->holder_pid, ProcessId());
  ASSERT_TRUE(first->lock->Publish("").ok());
  EXPECT_EQ(FileLock::TryLock(directory / "lock")->holder_note, "");
  EXPECT_EQ(first->lock->Publish("a\nb").error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(first->lock->Publish(std::string(kMaxNoteBytes + 1, 'x')).error().code(),
            ErrorCode::kInvalidArgument);
}

TEST(FileLock, IsFreeAgainWhenItsHolderIsGone) {
  const ScratchDirectory directory;
  { ASSERT_TRUE(FileLock::TryLock(directory / "lock")->lock.has_value()); }
  EXPECT_EQ(*ReadSmallFile(directory / "lock", 100), "");
  auto again = FileLock::TryLock(directory / "lock");
  EXPECT_TRUE(again->lock.has_value());
  FileLock moved = std::move(*again->lock);
  again->lock.reset();
  EXPECT_FALSE(FileLock::TryLock(directory / "lock")->lock.has_value());
}

TEST(FileLock, P19_AKilledProcessLeavesNoLockBehind) {
  const ScratchDirectory directory;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = FileLock::TryLock(directory / "lock");
    const char answer = held.ok() && held->lock ? 'y' : 'n';
    if (::write(ready[1], &answer, 1) == 1) ::pause();
    ::_exit(1);
  }
  char answer = 'n';
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_EQ(FileLock::TryLock(directory / "lock")->holder_pid, child);
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(FileLock::TryLock(directory / "lock")->lock.has_value());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(FileLock, SaysWhyItCannotTry) {
  const ScratchDirectory directory;
  EXPECT_EQ(FileLock::TryLock(directory / "missing/lock").error().code(), ErrorCode::kNotFound);
}

TEST(FileLock, UnderstandsALockFileWithoutAHolder) {
  const ScratchDirectory directory;
  ASSERT_TRUE(WriteSmallFile(directory / "lock", "nonsense").ok());
  const auto held = FileLock::TryLock(directory / "lock");
  ASSERT_TRUE(held->lock.has_value());
  EXPECT_EQ(*ReadSmallFile(directory / "lock", 100), std::to_string(ProcessId()) + "\n");
}

}  // namespace
}  // namespace zael::os
