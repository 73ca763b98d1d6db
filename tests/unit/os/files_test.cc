#include "os/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "scratch_directory.h"

namespace zael::os {
namespace {

TEST(SmallFile, IsReadAsItWasWritten) {
  const ScratchDirectory directory;
  const std::string content("a\0b\n", 4);
  ASSERT_TRUE(WriteSmallFile(directory / "file", content).ok());
  EXPECT_EQ(*ReadSmallFile(directory / "file", 4), content);
  ASSERT_TRUE(WriteSmallFile(directory / "file", "new").ok());
  EXPECT_EQ(*ReadSmallFile(directory / "file", 4), "new");
  EXPECT_EQ(*ListDirectory(directory.path()), std::vector<std::string>{"file"});
}

TEST(SmallFile, LargerThanAllowedIsRefused) {
  const ScratchDirectory directory;
  ASSERT_TRUE(WriteSmallFile(directory / "file", "12345").ok());
  EXPECT_EQ(ReadSmallFile(directory / "file", 4).error().code(), ErrorCode::kInvalidArgument);
}

TEST(SmallFile, ErrorsNameThePathAndTheReason) {
  const ScratchDirectory directory;
  const Error missing = ReadSmallFile(directory / "none", 4).error();
  EXPECT_EQ(missing.code(), ErrorCode::kNotFound);
  EXPECT_EQ(missing.message(), "open " + directory / "none" + ": No such file or directory");
  EXPECT_EQ(WriteSmallFile(directory / "none/file", "x").error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(ListDirectory(directory / "none").error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(ReadSmallFile(directory.path(), 4).error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(SystemError("write", "x", EROFS).code(), ErrorCode::kPermissionDenied);
  EXPECT_EQ(SystemError("write", "x", ENOSPC).code(), ErrorCode::kResourceExhausted);
  EXPECT_EQ(SystemError("write", "x", EIO).code(), ErrorCode::kUnavailable);
}

TEST(MakeDirectories, MakesParentsForTheOwnerOnly) {
  const ScratchDirectory directory;
  ASSERT_TRUE(MakeDirectories(directory / "a/b//c/").ok());
  ASSERT_TRUE(MakeDirectories(directory / "a/b").ok());
  EXPECT_TRUE(*Exists(directory / "a/b/c"));
  EXPECT_FALSE(*Exists(directory / "a/x"));
  struct stat status {};
  ASSERT_EQ(::stat((directory / "a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST(MakeDirectories, RefusesAFileInTheWay) {
  const ScratchDirectory directory;
  ASSERT_TRUE(WriteSmallFile(directory / "file", "").ok());
  EXPECT_EQ(MakeDirectories(directory / "file").error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(MakeDirectories(directory / "file/x").error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(MakeDirectories("").error().code(), ErrorCode::kInvalidArgument);
}

TEST(ListDirectory, SortsNames) {
  const ScratchDirectory directory;
  for (const char* name : {"b", "c", "a"}) ASSERT_TRUE(WriteSmallFile(directory / name, "").ok());
  EXPECT_EQ(*ListDirectory(directory.path()), (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace zael::os
