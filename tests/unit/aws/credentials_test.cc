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

TEST(CheckCredentials, TheyMustBeThereAndFitIntoAHeader) {
  const auto complaint = [](const Credentials& credentials) {
    const Status checked = CheckCredentials(credentials, "X");
    return checked.ok() ? "fine" : checked.error().message();
  };
  EXPECT_EQ(complaint({"id", "secret", "", {}, ""}), "fine");
  EXPECT_EQ(complaint({"id", "sec/ret+=", "to/ken==", {}, ""}), "fine");
  EXPECT_EQ(complaint({"", "secret", "", {}, ""}), "read X: the access key id is missing");
  EXPECT_EQ(complaint({"id", "", "", {}, ""}), "read X: the secret access key is missing");
  EXPECT_EQ(complaint({"id", "secret", "a\nb", {}, ""}),
            "read X: the session token holds a blank or another forbidden character");
  EXPECT_EQ(complaint({"id ", "secret", "", {}, ""}),
            "read X: the access key id holds a blank or another forbidden character");
  EXPECT_EQ(complaint({"id", "s\xc3\xa9", "", {}, ""}),
            "read X: the secret access key holds a blank or another forbidden character");
}

}  // namespace
}  // namespace zael::aws
