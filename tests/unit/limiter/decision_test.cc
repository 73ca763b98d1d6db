#include <gtest/gtest.h>
#include <zael/decision.h>

namespace zael {
namespace {

LimitStatus Status(std::string limit, bool exceeded, std::optional<Milliseconds> wait) {
  return {.entity_id = "key",
          .resource = "api",
          .limit = std::move(limit),
          .available = exceeded ? 0 : 9,
          .requested = 1,
          .exceeded = exceeded,
          .retry_after = wait};
}

TEST(Decision, AGrantHasNoViolationAndNoWait) {
  const Decision granted = Decision::Granted({Status("rpm", false, Milliseconds(0))}, Lease());
  EXPECT_TRUE(granted.granted());
  EXPECT_TRUE(granted.violations().empty());
  EXPECT_EQ(granted.primary_violation(), nullptr);
  EXPECT_EQ(granted.retry_after(), Milliseconds(0));
  EXPECT_EQ(granted.ToJson(),
            R"({"granted":true,"error":null,"message":null,"retry_after_seconds":0.0,)"
            R"("retry_after_ms":0,"limits":[{"entity_id":"key","resource":"api","limit":"rpm",)"
            R"("available":9,"requested":1,"exceeded":false,"retry_after_seconds":0.0,)"
            R"("retry_after_ms":0}]})");
}

TEST(Decision, ThePrimaryViolationWaitsLongestAndNeverIsLongest) {
  const Decision denied =
      Decision::Denied({Status("a", true, Milliseconds(10)), Status("b", true, Milliseconds(20)),
                        Status("c", false, Milliseconds(0))});
  EXPECT_EQ(denied.primary_violation()->limit, "b");
  EXPECT_EQ(denied.retry_after(), Milliseconds(20));
  EXPECT_EQ(denied.violations().size(), 2u);
  const Decision never =
      Decision::Denied({Status("a", true, std::nullopt), Status("b", true, Milliseconds(20))});
  EXPECT_EQ(never.primary_violation()->limit, "a");
  EXPECT_EQ(never.retry_after(), std::nullopt);
}

TEST(Decision, TheJsonOfADenialSaysWhatAndHowLong) {
  const Decision denied = Decision::Denied({Status("rpm", true, Milliseconds(1'500))});
  EXPECT_EQ(denied.ToJson(),
            R"({"granted":false,"error":"rate_limit_exceeded","message":"rpm of key api exceeded: )"
            R"(1 requested, 0 available; retry after 1500 ms","retry_after_seconds":1.5,)"
            R"("retry_after_ms":1500,"limits":[{"entity_id":"key","resource":"api","limit":"rpm",)"
            R"("available":0,"requested":1,"exceeded":true,"retry_after_seconds":1.5,)"
            R"("retry_after_ms":1500}]})");
  const Decision never = Decision::Denied({Status("rpm", true, std::nullopt)});
  EXPECT_NE(never.ToJson().find(R"("retry_after_seconds":null,"retry_after_ms":null)"),
            std::string::npos);
}

TEST(Decision, ALeaseIsTakenOnceAndADenialHasNone) {
  Decision denied = Decision::Denied({});
  EXPECT_EQ(denied.TakeLease().Commit().error().code(), ErrorCode::kFailedPrecondition);
}

}  // namespace
}  // namespace zael
