#include "cli/command_line.h"

#include <gtest/gtest.h>

#include "cli/program.h"

namespace zael::cli {
namespace {

// Every test parses with the program's own tree.
class CommandLineTest : public ::testing::Test {
 protected:
  Parsed Read(const std::vector<std::string>& words) { return Parse(program_, words); }

  CommonOptions common_;
  Command program_ = MakeProgram(&common_);
};

TEST_F(CommandLineTest, TakesCommonOptionsBeforeAndAfterTheCommand) {
  EXPECT_EQ(Read({"--name", "demo", "status", "--json"}).kind, Parsed::Kind::kRun);
  EXPECT_EQ(common_.name, "demo");
  EXPECT_TRUE(common_.json);
  EXPECT_EQ(Read({"entity", "list", "-n", "other", "--quiet"}).kind, Parsed::Kind::kRun);
  EXPECT_EQ(common_.name, "other");
}

TEST_F(CommandLineTest, OptionValuesNeverSwallowArguments) {
  const Parsed parsed = Read({"acquire", "-c", "rpm=1", "-c", "tpm=5", "key", "gpt-4"});
  EXPECT_EQ(parsed.kind, Parsed::Kind::kRun) << parsed.problem;
  EXPECT_EQ(parsed.path, "zae-limiter acquire");
}

TEST_F(CommandLineTest, AnEntityMayBeCalledLikeACommand) {
  EXPECT_EQ(Read({"entity", "show", "list"}).kind, Parsed::Kind::kRun);
  EXPECT_EQ(Read({"acquire", "status", "list", "-c", "rpm=1"}).kind, Parsed::Kind::kRun);
}

TEST_F(CommandLineTest, SuggestsTheNearestCommandAndOption) {
  EXPECT_EQ(Read({"dploy"}).next_step, "zae-limiter deploy");
  EXPECT_EQ(Read({"entity", "shw", "x"}).next_step, "zae-limiter entity show");
  EXPECT_EQ(Read({"acquire", "k", "g", "--repaet", "3"}).next_step, "zae-limiter acquire --repeat");
  EXPECT_EQ(Read({"status", "--jsn"}).next_step, "zae-limiter status --json");
}

TEST_F(CommandLineTest, NamesTheMissingArgument) {
  const Parsed parsed = Read({"acquire", "key"});
  EXPECT_EQ(parsed.kind, Parsed::Kind::kUsageError);
  EXPECT_NE(parsed.problem.find("RESOURCE"), std::string::npos) << parsed.problem;
}

TEST_F(CommandLineTest, RefusesSurplusArgumentsValuesOutOfRangeAndUnknownChoices) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"acquire", "k", "g", "surplus", "-c", "rpm=1"},
           {"acquire", "k", "g", "-c", "rpm=1", "--repeat", "0"},
           {"acquire", "k", "g", "-c", "rpm=1", "--threads", "many"},
           {"acquire", "k", "g", "-c"},
           {"completion", "powershell"},
           {"system", "set-defaults", "--on-unavailable", "open"},
           {"status", "--name", "a", "--name", "b"}}) {
    EXPECT_EQ(Read(words).kind, Parsed::Kind::kUsageError) << words.back();
  }
}

TEST_F(CommandLineTest, EveryCommandHasHelpWithAnExample) {
  std::vector<std::pair<const Command*, std::string>> left{{&program_, "zae-limiter"}};
  while (!left.empty()) {
    const auto [command, path] = left.back();
    left.pop_back();
    for (const Command& child : command->children())
      left.emplace_back(&child, path + " " + child.name());
    if (!command->action()) continue;
    const std::string help = HelpText(program_, *command, path);
    EXPECT_NE(help.find("Usage: " + path), std::string::npos) << path;
    EXPECT_NE(help.find("Examples:"), std::string::npos) << path;
    EXPECT_NE(help.find("--data-dir"), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace zael::cli
