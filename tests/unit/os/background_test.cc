#include "os/background.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zael::os {
namespace {

TEST(AskToEnd, EndsAProcessThatWaits) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(1);
  }
  EXPECT_FALSE(ChildHasEnded(child));
  ASSERT_TRUE(AskToEnd(child).ok());
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(AskToEnd(child).error().code(), ErrorCode::kNotFound);
}

TEST(ChildHasEnded, OnceItHas) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  while (!ChildHasEnded(child)) ::usleep(1'000);
  EXPECT_TRUE(ChildHasEnded(child)) << "there is none any more";
}

}  // namespace
}  // namespace zael::os
