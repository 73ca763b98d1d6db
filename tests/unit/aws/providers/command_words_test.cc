#include "aws/providers/command_words.h"

#include <gtest/gtest.h>

namespace zael::aws {
namespace {

using Words = std::vector<std::string>;

TEST(CommandWords, AreSplitAtBlanksOutsideQuotes) {
  EXPECT_EQ(*SplitCommand("/bin/p  --profile\tx "), (Words{"/bin/p", "--profile", "x"}));
  EXPECT_EQ(*SplitCommand("\"C d/p\" 'a \"b' c\" d\"e"), (Words{"C d/p", "a \"b", "c de"}));
  EXPECT_EQ(*SplitCommand("p '' \"\""), (Words{"p", "", ""}));
  EXPECT_EQ(*SplitCommand("p a\nb"), (Words{"p", "a", "b"}));
}

TEST(CommandWords, ABackslashKeepsTheNextCharacter) {
  EXPECT_EQ(*SplitCommand(R"(p a\ b \' "c\"d\\e\f" 'g\h')"),
            (Words{"p", "a b", "'", R"(c"d\e\f)", R"(g\h)"}));
}

TEST(CommandWords, NothingElseOfAShellIsMeant) {
  EXPECT_EQ(*SplitCommand("p $HOME * ; rm"), (Words{"p", "$HOME", "*", ";", "rm"}));
}

TEST(CommandWords, AFaultIsTold) {
  EXPECT_EQ(SplitCommand("p 'a").error().message(), "split command: a quote is not closed");
  EXPECT_EQ(SplitCommand("p \"a\\\"").error().message(), "split command: a quote is not closed");
  EXPECT_EQ(SplitCommand("p \\").error().message(), "split command: it ends with a backslash");
  EXPECT_EQ(SplitCommand(" ").error().message(), "split command: it names no program");
}

}  // namespace
}  // namespace zael::aws
