#include "aws/credentials.h"

#include <gtest/gtest.h>

namespace zael::aws {
namespace {

TEST(StaticCredentials, AreGivenAtOnceAndAlwaysTheSame) {
  StaticCredentials provider({.access_key_id = "id", .secret_access_key = "secret"});
  for (int i = 0; i < 2; ++i) {
    CredentialsPtr given;
    provider.Get([&given](Result<CredentialsPtr> got) { given = *got; });
    ASSERT_NE(given, nullptr);
    EXPECT_EQ(given->access_key_id, "id");
    EXPECT_EQ(given->secret_access_key, "secret");
    EXPECT_EQ(given->session_token, "");
    EXPECT_EQ(given->expiry, std::nullopt);
  }
}

}  // namespace
}  // namespace zael::aws
