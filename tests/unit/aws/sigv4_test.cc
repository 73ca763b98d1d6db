#include "aws/sigv4.h"

#include <gtest/gtest.h>

#include <thread>

#include "aws/sigv4_canonical.h"
#include "base/time.h"
#include "sigv4_vectors.h"

namespace zael::aws {
namespace {

const WallTime kNow = *ParseUtcText("2026-01-31T12:00:00Z");

HttpRequest SomeRequest() {
  return {.endpoint = {.host = "dynamodb.us-east-1.amazonaws.com"},
          .headers = {{"X-Amz-Target", "DynamoDB_20120810.GetItem"}},
          .body = "{}"};
}

TEST(Signer, SignsEveryVectorAsBotocoreDoes) {
  const std::vector<SigningVector> vectors = ReadSigningVectors();
  ASSERT_GT(vectors.size(), 500u);
  Signer signer;
  for (const SigningVector& vector : vectors) {
    HttpRequest request = vector.request;
    signer.Sign(request, vector.credentials, vector.region, vector.service, vector.now);
    const std::string* authorization = FindHeader(request.headers, "authorization");
    ASSERT_NE(authorization, nullptr) << vector.name;
    EXPECT_EQ(*authorization, vector.authorization) << vector.name;
    EXPECT_EQ(*FindHeader(request.headers, "x-amz-date"), AmzDate(vector.now)) << vector.name;
  }
}

TEST(Signer, SignsARetryAnewWithoutTracesOfTheFirst) {
  Signer signer;
  const Credentials first{.access_key_id = "a", .secret_access_key = "s", .session_token = "old"};
  const Credentials second{.access_key_id = "b", .secret_access_key = "t"};
  HttpRequest retried = SomeRequest();
  signer.Sign(retried, first, "us-east-1", "dynamodb", kNow);
  EXPECT_EQ(*FindHeader(retried.headers, "x-amz-security-token"), "old");
  signer.Sign(retried, second, "us-east-1", "dynamodb", kNow + std::chrono::hours(24));
  HttpRequest fresh = SomeRequest();
  signer.Sign(fresh, second, "us-east-1", "dynamodb", kNow + std::chrono::hours(24));
  std::sort(retried.headers.begin(), retried.headers.end());
  std::sort(fresh.headers.begin(), fresh.headers.end());
  EXPECT_EQ(retried.headers, fresh.headers);
}

TEST(Signer, MaySignOnManyThreads) {
  Signer signer;
  const Credentials credentials{.access_key_id = "a", .secret_access_key = "s"};
  HttpRequest expected = SomeRequest();
  signer.Sign(expected, credentials, "us-east-1", "dynamodb", kNow);
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (std::size_t thread = 0; thread < wrong.size(); ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 200; ++i) {
        HttpRequest other = SomeRequest();
        signer.Sign(other, credentials, "region-" + std::to_string(i % 20), "dynamodb", kNow);
        HttpRequest request = SomeRequest();
        signer.Sign(request, credentials, "us-east-1", "dynamodb", kNow);
        if (request.headers != expected.headers) ++wrong[thread];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

TEST(HostHeader, NamesAPortThatIsNotTheSchemesOwn) {
  EXPECT_EQ(HostHeader({true, "a", 443}), "a");
  EXPECT_EQ(HostHeader({true, "a", 80}), "a:80");
  EXPECT_EQ(HostHeader({false, "a", 80}), "a");
  EXPECT_EQ(HostHeader({false, "::1", 8000}), "[::1]:8000");
}

TEST(AmzDate, HasNoPunctuation) { EXPECT_EQ(AmzDate(kNow), "20260131T120000Z"); }

}  // namespace
}  // namespace zael::aws
