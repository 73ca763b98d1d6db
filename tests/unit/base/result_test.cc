#include <gtest/gtest.h>
#include <zael/result.h>

#include <memory>
#include <set>

#include "base/try.h"

namespace zael {
namespace {

Error Missing() { return Error(ErrorCode::kNotFound, "get entity 'a': no such record"); }

TEST(Result, HoldsTheValue) {
  Result<int> result = 7;
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(*result, 7);
  EXPECT_EQ(*Result<std::unique_ptr<int>>(std::make_unique<int>(8)).value(), 8);
}

TEST(Result, HoldsTheError) {
  const Result<int> result = Missing();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error(), Missing());
  EXPECT_TRUE(Status().ok());
  EXPECT_EQ(Status(Missing()).error().code(), ErrorCode::kNotFound);
}

TEST(ResultDeathTest, EndsTheProgramWhenTheMissingIsRead) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH({ Result<int>(Missing()).value(); }, "not_found: get entity 'a': no such record");
  EXPECT_DEATH({ (void)Result<int>(1).error(); }, "that is ok");
}

TEST(Result, EveryCodeHasItsOwnName) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    names.insert(ErrorCodeName(static_cast<ErrorCode>(code)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(ErrorCode::kInternal) + 1);
  EXPECT_EQ(ErrorCodeName(ErrorCode::kFailedPrecondition), "failed_precondition");
}

Result<std::unique_ptr<int>> Doubled(Result<int> number, Status status) {
  ZAEL_TRY(status);
  ZAEL_ASSIGN(const int value, number);
  ZAEL_ASSIGN(auto doubled, Result<std::unique_ptr<int>>(std::make_unique<int>(2 * value)));
  return doubled;
}

TEST(Try, PassesErrorsOnAndValuesThrough) {
  EXPECT_EQ(**Doubled(21, {}), 42);
  EXPECT_EQ(Doubled(Missing(), {}).error(), Missing());
  EXPECT_EQ(Doubled(21, Missing()).error(), Missing());
}

}  // namespace
}  // namespace zael
