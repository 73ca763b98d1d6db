#include "aws/sigv4_canonical.h"

#include <gtest/gtest.h>

namespace zael::aws {
namespace {

TEST(CanonicalRequest, IsTheWholeRequestInOneForm) {
  const Headers headers = {
      {"X-B", "  two   words "}, {"HOST", "example.com"}, {"x-a", "1"}, {"X-A", "2"}};
  const std::string text =
      CanonicalRequest({"post", "/a//b/../c%20d/?z=1&y", headers, ""}, {"host", "x-a", "x-b"});
  EXPECT_EQ(text,
            "POST\n/a/c%2520d/\ny=&z=1\nhost:example.com\nx-a:1,2\nx-b:two words\n\nhost;x-a;x-b\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(CanonicalRequest, OfAListedHeaderThatIsMissingHasAnEmptyValue) {
  const std::string text = CanonicalRequest({"GET", "/", {}, ""}, {"host"});
  EXPECT_EQ(text.substr(0, text.rfind('\n')), "GET\n/\n\nhost:\n\nhost");
}

TEST(CanonicalRequest, OfAnEmptyTargetHasTheRootPath) {
  EXPECT_EQ(CanonicalRequest({"GET", "", {}, ""}, {}).substr(0, 7), "GET\n/\n\n");
  EXPECT_EQ(CanonicalRequest({"GET", "?a", {}, ""}, {}).substr(0, 9), "GET\n/\na=\n");
}

TEST(HeadersToSign, LeaveOutWhatProxiesRewrite) {
  const Headers headers = {{"User-Agent", ""}, {"Host", ""},           {"Authorization", ""},
                           {"x-b", ""},        {"Content-Type", ""},   {"CONNECTION", ""},
                           {"X-B", ""},        {"X-Amzn-Trace-Id", ""}};
  EXPECT_EQ(JoinSignedHeaders(HeadersToSign(headers)), "content-type;host;x-b");
}

TEST(FindHeader, DoesNotMindCase) {
  const Headers headers = {{"Content-Type", "a"}, {"content-type", "b"}};
  ASSERT_NE(FindHeader(headers, "CONTENT-TYPE"), nullptr);
  EXPECT_EQ(*FindHeader(headers, "CONTENT-TYPE"), "a");
  EXPECT_EQ(FindHeader(headers, "Content-Typ"), nullptr);
  EXPECT_EQ(FindHeader(headers, "Content_Type"), nullptr);
}

}  // namespace
}  // namespace zael::aws
