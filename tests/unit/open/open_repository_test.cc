// Repository::Open: what a program gets that names nothing but a directory.
#include <gtest/gtest.h>
#include <zael/limiter.h>
#include <zael/repository.h>

#include <filesystem>
#include <fstream>

#include "os/temporary_directory.h"

namespace zael {
namespace {

class OpenRepository : public ::testing::Test {
 protected:
  OpenOptions At(std::string name) {
    return {.name = std::move(name), .data_dir = directory_.path() + "/data"};
  }

  os::TemporaryDirectory directory_ = *os::TemporaryDirectory::Make("zael-open");
};

TEST_F(OpenRepository, MakesTheTableWhenItIsMissing) {
  const auto repository = Repository::Open(At("demo"));
  ASSERT_TRUE(repository.ok()) << repository.error().message();
  EXPECT_EQ((*repository)->table_name(), "ZAEL-demo");
  EXPECT_EQ((*repository)->GetVersionRecord()->schema_version, "1.0.0");
}

TEST_F(OpenRepository, TakesTheTableNameForTheLimiterName) {
  ASSERT_TRUE(Repository::Open(At("demo")).ok());
  OpenOptions same = At("ZAEL-demo");
  same.create_if_missing = false;
  EXPECT_TRUE(Repository::Open(same).ok());
}

TEST_F(OpenRepository, NamesTheCommandThatMakesAMissingTable) {
  OpenOptions options = At("demo");
  options.create_if_missing = false;
  const auto nothing_at_all = Repository::Open(options);
  ASSERT_FALSE(nothing_at_all.ok());
  EXPECT_EQ(nothing_at_all.error().code(), ErrorCode::kNotFound);
  EXPECT_NE(nothing_at_all.error().message().find("zae-limiter deploy --name demo"),
            std::string::npos)
      << nothing_at_all.error().message();

  ASSERT_TRUE(Repository::Open(At("other")).ok());
  const auto other_table_only = Repository::Open(options);
  ASSERT_FALSE(other_table_only.ok());
  EXPECT_EQ(other_table_only.error().code(), ErrorCode::kNotFound);
}

TEST_F(OpenRepository, TwoLimitersOfOneProcessShareADirectory) {
  const auto first = Repository::Open(At("first"));
  const auto second = Repository::Open(At("second"));
  const auto first_again = Repository::Open(At("first"));
  ASSERT_TRUE(first.ok() && second.ok() && first_again.ok());
  ASSERT_TRUE((*first)->entities().Create({.id = "key"}).ok());
  EXPECT_TRUE((*first_again)->entities().Get("key").ok());
  EXPECT_EQ((*second)->entities().Get("key").error().code(), ErrorCode::kNotFound);
}

TEST_F(OpenRepository, RefusesAnotherDurabilityWhileOpen) {
  const auto first = Repository::Open(At("demo"));
  OpenOptions power = At("demo");
  power.durability = Durability::kPower;
  const auto second = Repository::Open(power);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), ErrorCode::kFailedPrecondition);
}

TEST_F(OpenRepository, KeepsWhatWasGrantedAcrossClosing) {
  const AcquireRequest request{.entity_id = "key",
                               .resource = "api",
                               .consume = {{"rpd", 7}},
                               .fallback_limits = {Limit::PerDay("rpd", 10)}};
  {
    RateLimiter limiter(*Repository::Open(At("demo")));
    EXPECT_TRUE(limiter.Acquire(request)->granted());
  }
  RateLimiter limiter(*Repository::Open(At("demo")));
  EXPECT_FALSE(limiter.Acquire(request)->granted());
}

TEST_F(OpenRepository, RefusesADirectoryThatIsNotAStoreAndLeavesItAlone) {
  std::filesystem::create_directories(directory_.path() + "/data");
  std::ofstream(directory_.path() + "/data/letter.txt") << "dear";
  const auto repository = Repository::Open(At("demo"));
  ASSERT_FALSE(repository.ok());
  EXPECT_EQ(repository.error().code(), ErrorCode::kFailedPrecondition);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory_.path() + "/data")) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, 1U);
}

TEST_F(OpenRepository, TellsWhatIsWrongWithDynamoBeforeItConnects) {
  OpenOptions options{.name = "demo", .region = "no region"};
  const auto region = Repository::Open(options);
  ASSERT_FALSE(region.ok());
  EXPECT_EQ(region.error().code(), ErrorCode::kInvalidArgument) << region.error().message();
  options = {.name = "demo", .region = "eu-west-1", .store = "embedded"};
  EXPECT_EQ(Repository::Open(options).error().code(), ErrorCode::kInvalidArgument);
}

TEST_F(OpenRepository, RefusesNamesNoTableCanHave) {
  for (const char* name : {"", "-a", "1a", "a_b", "a#b", "ZAEL-"}) {
    const auto repository = Repository::Open(At(name));
    ASSERT_FALSE(repository.ok()) << name;
    EXPECT_EQ(repository.error().code(), ErrorCode::kInvalidArgument) << name;
  }
}

}  // namespace
}  // namespace zael
