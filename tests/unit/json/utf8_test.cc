#include "json/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace zael::json {
namespace {

TEST(Utf8, FindsNothingWrongInSequencesOfEveryLength) {
  for (const std::string text : {"", "a", "é", "€", "😀", "plain text of many words, é, €, 😀"}) {
    EXPECT_EQ(FirstIllFormed(text), text.size()) << text;
  }
}

TEST(Utf8, FindsTheFirstByteThatBelongsToNoSequence) {
  for (std::size_t at = 0; at < 20; ++at) {
    std::string text(20, 'x');
    text[at] = '\xFF';
    EXPECT_EQ(FirstIllFormed(text), at);
    EXPECT_EQ(FirstIllFormed(std::string(at, 'x') + "\xE2\x82"), at);  // cut short
  }
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndBeyondTheLast) {
  for (const char* text : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80"}) {
    EXPECT_EQ(SequenceLength(text), 0U);
  }
  EXPECT_EQ(SequenceLength("\xF4\x8F\xBF\xBF"), 4U);
  EXPECT_EQ(SequenceLength(""), 0U);
}

}  // namespace
}  // namespace zael::json
