#include "aws/endpoint_url.h"

#include <gtest/gtest.h>

#include <string>

namespace zael::aws {
namespace {

EndpointUrl Parse(std::string_view url) {
  const auto parsed = ParseEndpointUrl(url);
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().message());
  return parsed.ok() ? *parsed : EndpointUrl{};
}

std::string Complaint(std::string_view url) {
  const auto parsed = ParseEndpointUrl(url);
  if (parsed.ok()) return "accepted";
  EXPECT_EQ(parsed.error().code(), ErrorCode::kInvalidArgument);
  return parsed.error().message();
}

TEST(EndpointUrl, IsReadIntoItsParts) {
  EXPECT_EQ(Parse("http://localhost:8000"), (EndpointUrl{{false, "localhost", 8000}, ""}));
  EXPECT_EQ(Parse("https://db.example.com"), (EndpointUrl{{true, "db.example.com", 443}, ""}));
  EXPECT_EQ(Parse("http://10.0.0.1/"), (EndpointUrl{{false, "10.0.0.1", 80}, ""}));
  EXPECT_EQ(Parse("HTTPS://a:1/b/c//"), (EndpointUrl{{true, "a", 1}, "/b/c"}));
  EXPECT_EQ(Parse("http://[::1]:80/x"), (EndpointUrl{{false, "::1", 80}, "/x"}));
  EXPECT_EQ(Parse("https://[fd00:ec2::23]"), (EndpointUrl{{true, "fd00:ec2::23", 443}, ""}));
}

TEST(EndpointUrl, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(Complaint("localhost:8000"),
            "read endpoint 'localhost:8000': it does not begin with http:// or https://");
  EXPECT_EQ(Complaint(""), "read endpoint '': it does not begin with http:// or https://");
  EXPECT_EQ(Complaint("http://"), "read endpoint 'http://': it has no proper host");
  EXPECT_EQ(Complaint("http://a b"), "read endpoint 'http://a b': it has no proper host");
  EXPECT_EQ(Complaint("http://[::1"), "read endpoint 'http://[::1': its [ has no ]");
  EXPECT_EQ(Complaint("http://[a]"),
            "read endpoint 'http://[a]': there is no IPv6 address in its brackets");
  for (const char* url : {"http://a:", "http://a:0", "http://a:65536", "http://a:1x",
                          "http://[::1]1", "http://a:-1"}) {
    EXPECT_NE(Complaint(url).find("its port is not a number from 1 to 65535"), std::string::npos)
        << url;
  }
  for (const char* url :
       {"http://a/?b", "http://a?b", "http://a#b", "http://a/b c", "http://a/\r\nX: y"}) {
    EXPECT_NE(Complaint(url).find("only a path may follow its host"), std::string::npos) << url;
  }
}

TEST(EndpointUrl, APasswordIsNotRepeated) {
  EXPECT_EQ(Complaint("http://user:secret@host"),
            "read endpoint URL: its port is not a number from 1 to 65535");
  EXPECT_EQ(Complaint("http://secret@host"), "read endpoint URL: it has no proper host");
}

}  // namespace
}  // namespace zael::aws
