#include <gtest/gtest.h>

#include "records/bucket_record.h"
#include "records/keys.h"
#include "table_fixture.h"

namespace zael::repository {
namespace {

using BucketsTest = TableTest;
using P16_ExpiredBucket = TableTest;
using AuditTest = TableTest;

records::BucketRecord HalfEmpty(std::int64_t now_ms) {
  return {.state = {.params = {60'000, 60'000, 60'000, 60'000}, .balance = {30'500, now_ms}},
          .total_consumed_milli = 29'500,
          .ttl_seconds = now_ms / 1000 + 5,
          .write_id = 3};
}

TEST_F(BucketsTest, ShowRefillsToNowAndChangesNothing) {
  Put(records::EncodeBucket({"k-1", "gpt-4", "rpm"}, HalfEmpty(clock_->NowMs())));
  const WallTime written = clock_->WallNow();
  clock_->Advance(std::chrono::seconds(2));
  const auto before = All();
  const auto shown = repository_->buckets().Show("k-1", {});
  ASSERT_TRUE(shown.ok()) << shown.error().message();
  ASSERT_EQ(shown->size(), 1u);
  const BucketSnapshot& bucket = (*shown)[0];
  EXPECT_EQ(bucket.entity_id, "k-1");
  EXPECT_EQ(bucket.resource, "gpt-4");
  EXPECT_EQ(bucket.limit, Limit::PerMinute("rpm", 60));
  EXPECT_EQ(bucket.tokens_milli, 30'500);
  EXPECT_EQ(bucket.available, 32);
  EXPECT_EQ(bucket.last_refill, written);
  EXPECT_EQ(bucket.total_consumed_milli, "29500");
  EXPECT_EQ(bucket.expires_at,
            std::chrono::floor<std::chrono::seconds>(written) + std::chrono::seconds(5));
  EXPECT_EQ(All(), before);
}

TEST_F(P16_ExpiredBucket, IsShownAsTheTruthItIs) {
  Put(records::EncodeBucket({"k-1", "gpt-4", "rpm"}, HalfEmpty(clock_->NowMs())));
  clock_->Advance(std::chrono::seconds(10));
  EXPECT_EQ((*repository_->buckets().Show("k-1", {}))[0].tokens_milli, 30'500);
}

TEST_F(BucketsTest, FiltersByResourceAndLimit) {
  for (const char* resource : {"a", "ab"}) {
    for (const char* name : {"rpm", "tpm"}) {
      Put(records::EncodeBucket({"k-1", resource, name}, HalfEmpty(clock_->NowMs())));
    }
  }
  Put(records::EncodeBucket({"k-10", "a", "rpm"}, HalfEmpty(clock_->NowMs())));
  auto& buckets = repository_->buckets();
  EXPECT_EQ(buckets.Show("k-1", {})->size(), 4u);
  EXPECT_EQ(buckets.Show("k-1", {.resource = "a", .limit = {}})->size(), 2u);
  EXPECT_EQ(buckets.Show("k-1", {.resource = {}, .limit = "rpm"})->size(), 2u);
  EXPECT_EQ(*buckets.Reset("k-1", {.resource = "a", .limit = "rpm"}), 1u);
  EXPECT_EQ(buckets.Show("k-1", {})->size(), 3u);
  EXPECT_EQ(buckets.Show("k-10", {})->size(), 1u);
  EXPECT_CODE(buckets.Show("a#b", {}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(buckets.Show("k-1", {.resource = "a#", .limit = {}}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(buckets.Reset("k-1", {.resource = {}, .limit = "1"}), ErrorCode::kInvalidArgument);
}

TEST_F(BucketsTest, ResetRemovesAuditsAndIsHeard) {
  const auto observer = std::make_shared<CountingObserver>();
  repository_->AddObserver(observer);
  Put(records::EncodeBucket({"k-1", "gpt-4", "rpm"}, HalfEmpty(clock_->NowMs())));
  EXPECT_EQ(*repository_->buckets().Reset("k-1", {.resource = "gpt-4", .limit = {}}), 1u);
  EXPECT_FALSE(Get(records::BucketKey({"k-1", "gpt-4", "rpm"})).has_value());
  const AuditEvent event = LastEvent("k-1");
  EXPECT_EQ(event.action, "buckets_reset");
  EXPECT_EQ(event.resource, "gpt-4");
  EXPECT_EQ(event.details.at("removed"), "1");
  EXPECT_EQ(observer->buckets, std::vector<std::string>{"k-1"});
}

TEST_F(BucketsTest, ResetRemovesWhatCannotBeReadAndMoreThanOneTransactionHolds) {
  Item broken = records::EncodeBucket({"k-1", "gpt-4", "rpm"}, HalfEmpty(clock_->NowMs()));
  broken.Erase("tokens_milli");
  Put(broken);
  const auto shown = repository_->buckets().Show("k-1", {});
  EXPECT_CODE(shown, ErrorCode::kDataLoss);
  EXPECT_NE(shown.error().message().find("#BUCKET#gpt-4#rpm"), std::string::npos);
  for (int i = 0; i < 250; ++i) {
    Put(records::EncodeBucket({"k-1", "r" + std::to_string(i), "rpm"}, HalfEmpty(clock_->NowMs())));
  }
  EXPECT_EQ(*repository_->buckets().Reset("k-1", {}), 251u);
  EXPECT_TRUE(repository_->buckets().Show("k-1", {})->empty());
}

TEST_F(AuditTest, ListsTheNewestFirstPageByPage) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(repository_->configuration()
                    .SetLimits("k-1", "gpt-4", {Limit::PerMinute("rpm", i + 1)})
                    .ok());
    clock_->Advance(std::chrono::seconds(1));
  }
  std::vector<std::string> shown;
  std::optional<std::string> next;
  do {
    const auto page = repository_->audit().List("k-1", 2, next);
    ASSERT_TRUE(page.ok()) << page.error().message();
    EXPECT_LE(page->events.size(), 2u);
    for (const AuditEvent& event : page->events) shown.push_back(event.details.at("limits"));
    next = page->next;
  } while (next && shown.size() < 10);
  ASSERT_EQ(shown.size(), 5u);
  EXPECT_EQ(shown.front(), Limit::PerMinute("rpm", 5).ToText());
  EXPECT_EQ(shown.back(), Limit::PerMinute("rpm", 1).ToText());
  EXPECT_CODE(repository_->audit().List("$NOBODY", 1, {}), ErrorCode::kInvalidArgument);
  EXPECT_CODE(repository_->audit().List("k-1", 0, {}), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(repository_->audit().List("$SYSTEM", 1, {})->events.empty());
}

}  // namespace
}  // namespace zael::repository
