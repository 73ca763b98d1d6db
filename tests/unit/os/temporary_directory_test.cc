#include "os/temporary_directory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <utility>

namespace zael::os {
namespace {

TEST(TemporaryDirectory, IsNewForTheOwnerOnlyAndGoneWithEverythingInIt) {
  std::string path;
  {
    const TemporaryDirectory directory = *TemporaryDirectory::Make("zael-test");
    path = directory.path();
    EXPECT_NE(path.find("zael-test"), std::string::npos);
    EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all);
    std::ofstream(path + "/file") << "content";
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TemporaryDirectory, IsRemovedByTheLastOwnerAfterAMove) {
  TemporaryDirectory first = *TemporaryDirectory::Make("zael-test");
  const std::string path = first.path();
  {
    const TemporaryDirectory second = std::move(first);
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace zael::os
