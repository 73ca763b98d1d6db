#include "os/environment.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace zael::os {
namespace {

// Changes variables of this process and puts them back.
class EnvironmentTest : public testing::Test {
 protected:
  static constexpr const char* kNames[] = {"ZAEL_DATA_DIR", "XDG_DATA_HOME", "HOME"};

  void SetUp() override {
    for (const char* name : kNames) {
      const char* value = std::getenv(name);
      saved_.push_back(value == nullptr ? std::nullopt : std::optional<std::string>(value));
      ::unsetenv(name);
    }
  }

  void TearDown() override {
    for (std::size_t i = 0; i < saved_.size(); ++i) {
      if (saved_[i]) {
        ::setenv(kNames[i], saved_[i]->c_str(), 1);
      } else {
        ::unsetenv(kNames[i]);
      }
    }
  }

 private:
  std::vector<std::optional<std::string>> saved_;
};

TEST_F(EnvironmentTest, EmptyCountsAsUnset) {
  EXPECT_FALSE(Environment("HOME").has_value());
  ::setenv("HOME", "", 1);
  EXPECT_FALSE(Environment("HOME").has_value());
  ::setenv("HOME", "/home/x", 1);
  EXPECT_EQ(Environment("HOME"), "/home/x");
}

TEST_F(EnvironmentTest, TheDataDirectoryIsTheFirstOfThree) {
  EXPECT_EQ(DefaultDataDirectory().error().code(), ErrorCode::kInvalidArgument);
  ::setenv("HOME", "/home/x", 1);
  EXPECT_EQ(*DefaultDataDirectory(), "/home/x/.local/share/zae-limiter");
  ::setenv("XDG_DATA_HOME", "relative", 1);
  EXPECT_EQ(*DefaultDataDirectory(), "/home/x/.local/share/zae-limiter");
  ::setenv("XDG_DATA_HOME", "/data", 1);
  EXPECT_EQ(*DefaultDataDirectory(), "/data/zae-limiter");
  ::setenv("ZAEL_DATA_DIR", "own", 1);
  EXPECT_EQ(*DefaultDataDirectory(), "own");
}

TEST_F(EnvironmentTest, KnowsTheProcess) { EXPECT_EQ(ProcessId(), ::getpid()); }

}  // namespace
}  // namespace zael::os
