#include "aws/sigv4_verify.h"

#include <gtest/gtest.h>

#include "aws/sigv4.h"
#include "sigv4_vectors.h"

namespace zael::aws {
namespace {

constexpr std::string_view kHeader =
    "AWS4-HMAC-SHA256 Credential=AKID/20260131/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=00ff";

std::string Refusal(std::string_view header) {
  const Result<Authorization> parsed = ParseAuthorization(header);
  if (parsed.ok()) return "none";
  EXPECT_EQ(parsed.error().code(), ErrorCode::kInvalidArgument);
  return parsed.error().message();
}

TEST(Authorization, IsReadInItsParts) {
  const Result<Authorization> parsed = ParseAuthorization(kHeader);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->access_key_id, "AKID");
  EXPECT_EQ(parsed->day, "20260131");
  EXPECT_EQ(parsed->region, "us-east-1");
  EXPECT_EQ(parsed->service, "dynamodb");
  EXPECT_EQ(parsed->signed_headers, (std::vector<std::string>{"host", "x-amz-date"}));
  EXPECT_EQ(parsed->signature, "00ff");
}

TEST(Authorization, IsReadInAnyOrderAndSpacing) {
  const Result<Authorization> parsed = ParseAuthorization(
      " AWS4-HMAC-SHA256  Signature=1,Credential=a/b/20260131/r/s/aws4_request,  SignedHeaders=h ");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->access_key_id, "a/b");
  EXPECT_EQ(parsed->day, "20260131");
  EXPECT_EQ(parsed->signed_headers, std::vector<std::string>{"h"});
  EXPECT_EQ(parsed->signature, "1");
}

TEST(Authorization, MalformedSaysWhatIsMissing) {
  EXPECT_EQ(Refusal(""), "read Authorization header: the algorithm is not AWS4-HMAC-SHA256");
  EXPECT_EQ(Refusal("Basic abc"), Refusal(""));
  EXPECT_EQ(Refusal("AWS4-HMAC-SHA256"), "read Authorization header: '' has no =");
  EXPECT_EQ(Refusal("AWS4-HMAC-SHA256 Signature=1, SignedHeaders=a"),
            "read Authorization header: it has no Credential");
  EXPECT_EQ(Refusal("AWS4-HMAC-SHA256 Credential=a/d/r/s/aws4_request, Signature=1"),
            "read Authorization header: it has no SignedHeaders");
  EXPECT_EQ(Refusal("AWS4-HMAC-SHA256 Credential=a/d/r/s/aws4_request, SignedHeaders=h"),
            "read Authorization header: it has no Signature");
  EXPECT_EQ(Refusal("AWS4-HMAC-SHA256 Credential=a/r/s/aws4_request, SignedHeaders=h, Signature=1"),
            "read Authorization header: Credential is not <key id>/<day>/<region>/<service>/"
            "aws4_request");
  EXPECT_EQ(Refusal("AWS4-HMAC-SHA256 Credential=a/d/r/s/aws5, SignedHeaders=h, Signature=1"),
            "read Authorization header: Credential does not end in aws4_request");
  EXPECT_EQ(
      Refusal("AWS4-HMAC-SHA256 Credential=/d/r/s/aws4_request, SignedHeaders=h, Signature=1"),
      "read Authorization header: Credential has no key id");
}

TEST(ExpectedSignature, IsThatOfEveryVectorAsItArrives) {
  SigningKeys keys;
  Signer signer;
  for (const SigningVector& vector : ReadSigningVectors()) {
    HttpRequest request = vector.request;
    signer.Sign(request, vector.credentials, vector.region, vector.service, vector.now);
    const Result<Authorization> parsed = ParseAuthorization(vector.authorization);
    ASSERT_TRUE(parsed.ok()) << vector.name;
    const std::string signature = ExpectedSignature(
        {request.method, request.target, request.headers, request.body}, *parsed,
        *FindHeader(request.headers, "X-Amz-Date"), vector.credentials.secret_access_key, keys);
    EXPECT_TRUE(SameSignature(signature, parsed->signature)) << vector.name;
  }
}

TEST(ExpectedSignature, DiffersWhenAnythingSignedDiffers) {
  Headers headers = {{"Host", "a"}, {"X-Amz-Date", "20260131T120000Z"}};
  const Authorization authorization = *ParseAuthorization(kHeader);
  SigningKeys keys;
  const auto sign = [&](std::string_view method, std::string_view target, std::string_view body,
                        std::string_view date, std::string_view secret) {
    return ExpectedSignature({method, target, headers, body}, authorization, date, secret, keys);
  };
  const std::string original = sign("POST", "/", "{}", "20260131T120000Z", "s");
  EXPECT_TRUE(SameSignature(original, sign("POST", "/", "{}", "20260131T120000Z", "s")));
  EXPECT_FALSE(SameSignature(original, sign("PUT", "/", "{}", "20260131T120000Z", "s")));
  EXPECT_FALSE(SameSignature(original, sign("POST", "/a", "{}", "20260131T120000Z", "s")));
  EXPECT_FALSE(SameSignature(original, sign("POST", "/?a", "{}", "20260131T120000Z", "s")));
  EXPECT_FALSE(SameSignature(original, sign("POST", "/", "{} ", "20260131T120000Z", "s")));
  EXPECT_FALSE(SameSignature(original, sign("POST", "/", "{}", "20260131T120001Z", "s")));
  EXPECT_FALSE(SameSignature(original, sign("POST", "/", "{}", "20260131T120000Z", "t")));
  headers[0].second = "b";
  EXPECT_FALSE(SameSignature(original, sign("POST", "/", "{}", "20260131T120000Z", "s")));
}

TEST(SameSignature, WantsAllOfIt) {
  EXPECT_TRUE(SameSignature("abc", "abc"));
  EXPECT_FALSE(SameSignature("abc", "abd"));
  EXPECT_FALSE(SameSignature("abc", "ab"));
  EXPECT_TRUE(SameSignature("", ""));
}

}  // namespace
}  // namespace zael::aws
