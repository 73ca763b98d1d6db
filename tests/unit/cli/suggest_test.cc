#include "cli/suggest.h"

#include <gtest/gtest.h>

namespace zael::cli {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
  EXPECT_EQ(EditDistance("deploy", "deploy"), 0u);
  EXPECT_EQ(EditDistance("dploy", "deploy"), 1u);
  EXPECT_EQ(EditDistance("deplooy", "deploy"), 1u);
  EXPECT_EQ(EditDistance("deplay", "deploy"), 1u);
  EXPECT_EQ(EditDistance("depoly", "deploy"), 1u);
  EXPECT_EQ(EditDistance("", "rpm"), 3u);
}

TEST(EditDistance, IgnoresCase) { EXPECT_EQ(EditDistance("RPM", "rpm"), 0u); }

TEST(Nearest, AnswersTheClosestCandidate) {
  EXPECT_EQ(Nearest("tmp", {"rpm", "tpm"}), "tpm");
  EXPECT_EQ(Nearest("aquire", {"available", "acquire"}), "acquire");
}

TEST(Nearest, AnswersNothingForForeignWords) {
  EXPECT_EQ(Nearest("banana", {"rpm", "tpm"}), std::nullopt);
  EXPECT_EQ(Nearest("", {"rpm"}), std::nullopt);
  EXPECT_EQ(Nearest(std::string(100'000, 'x'), {"rpm"}), std::nullopt);
}

}  // namespace
}  // namespace zael::cli
