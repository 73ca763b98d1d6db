#include "base/base64.h"

#include <gtest/gtest.h>

#include <string>

namespace zael {
namespace {

std::string FaultOf(std::string_view text) {
  const auto bytes = DecodeBase64(text);
  return bytes.ok() ? "decoded" : bytes.error().message();
}

TEST(Base64, MakesTheExamplesOfTheStandard) {
  EXPECT_EQ(EncodeBase64(""), "");
  EXPECT_EQ(EncodeBase64("f"), "Zg==");
  EXPECT_EQ(EncodeBase64("fo"), "Zm8=");
  EXPECT_EQ(EncodeBase64("foo"), "Zm9v");
  EXPECT_EQ(EncodeBase64("foob"), "Zm9vYg==");
  EXPECT_EQ(EncodeBase64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(EncodeBase64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(EncodeBase64("\xFB\xFF\xFE"), "+//+");
}

TEST(Base64, ReadsBackWhatItMade) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    const auto decoded = DecodeBase64(EncodeBase64(bytes));
    ASSERT_TRUE(decoded.ok()) << decoded.error().message();
    EXPECT_EQ(*decoded, bytes);
    bytes += static_cast<char>(i * 37);
  }
}

TEST(Base64, RefusesWithTheTextsOfDynamo) {
  EXPECT_EQ(FaultOf("Zm9vY"),
            "Base64 encoded length is expected a multiple of 4 bytes but found: 5");
  EXPECT_EQ(FaultOf("Zm-v"), "Invalid base 64 character: '-'");
  EXPECT_EQ(FaultOf("Z==="), "Invalid base 64 character: '='");
  EXPECT_EQ(FaultOf("Zg==Zg=="), "Invalid base 64 character: '='");
  const char* const spare =
      "Last encoded character (before the paddings if any) is a valid base 64 alphabet but not a "
      "possible value";
  EXPECT_EQ(FaultOf("Zh=="), spare);
  EXPECT_EQ(FaultOf("Zm9="), spare);
}

}  // namespace
}  // namespace zael
