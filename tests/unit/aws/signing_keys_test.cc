#include "aws/signing_keys.h"

#include <gtest/gtest.h>

namespace zael::aws {
namespace {

constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

// From the service's own guide to deriving a key.
TEST(SigningKey, IsTheOneOfTheGuide) {
  EXPECT_EQ(Hex(DeriveSigningKey(kSecret, {"20150830", "us-east-1", "iam"})),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
  EXPECT_EQ(ScopeText({"20150830", "us-east-1", "iam"}), "20150830/us-east-1/iam/aws4_request");
}

TEST(SigningKeys, RemembersEveryKeyApart) {
  SigningKeys keys;
  for (int round = 0; round < 2; ++round) {
    for (const std::string_view secret : {kSecret, std::string_view("other")}) {
      for (const std::string_view day : {"20150830", "20150831"}) {
        const SigningScope scope{day, "us-east-1", "iam"};
        EXPECT_EQ(keys.Get(secret, scope), DeriveSigningKey(secret, scope));
      }
    }
  }
  EXPECT_EQ(keys.size(), 4u);
}

TEST(SigningKeys, AreBoundedAndStayRight) {
  SigningKeys keys;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 40; ++i) {
      const std::string region = "region-" + std::to_string(i);
      const SigningScope scope{"20150830", region, "iam"};
      EXPECT_EQ(keys.Get(kSecret, scope), DeriveSigningKey(kSecret, scope));
      EXPECT_LE(keys.size(), kMaxSigningKeys);
    }
  }
  EXPECT_EQ(keys.size(), kMaxSigningKeys);
}

}  // namespace
}  // namespace zael::aws
