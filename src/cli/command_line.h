// CommandLine: the words of the program: groups, commands, options, their help, and reading them.
//
// A tree of descriptions that the parser (CLI11, in command_line.cc alone), the help text and the
// shell completion all read, so that they cannot disagree. Values are bound to variables the
// command keeps alive. Thread-compatible.
#pragma once

#include <zael/result.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zael::cli {

class Report;
class Session;

// What the process answers, beside the codes of errors (failure.h).
// kInterrupted: what shells report for a program that Ctrl-C ended.
enum class ExitCode { kDone = 0, kNo = 1, kUsage = 2, kInterrupted = 130 };

using Action = std::function<Result<ExitCode>(Session&, Report&)>;

struct NumberTarget {
  std::int64_t* value;
  std::int64_t min;
  std::int64_t max;
};

// Where a value goes. A pointer to optional stays empty when the option is not given.
using Target = std::variant<bool*, std::optional<std::string>*, std::vector<std::string>*,
                            std::string*, NumberTarget>;

struct OptionSpec {
  std::string names;  // `--consume,-c`, or `ENTITY` for an argument
  std::string value_name;
  std::string help;
  std::vector<std::string> choices;  // empty: anything
  bool required = false;
  Target target;

  bool is_argument() const { return names.front() != '-'; }
  bool is_flag() const { return std::holds_alternative<bool*>(target); }
  std::vector<std::string> NameList() const;
};

class Command {
 public:
  Command(std::string name, std::string about) : name_(std::move(name)), about_(std::move(about)) {}

  Command& AddGroup(std::string name, std::string about);
  Command& AddCommand(std::string name, std::string about, Action action);

  // Each answers the command itself, to chain.
  Command& Argument(std::string name, std::string* target, std::string help);
  Command& Option(OptionSpec option);
  Command& Example(std::string line);

  const std::string& name() const { return name_; }
  const std::string& about() const { return about_; }
  const Action& action() const { return action_; }
  const std::vector<OptionSpec>& options() const { return options_; }
  const std::vector<std::string>& examples() const { return examples_; }
  const std::deque<Command>& children() const { return children_; }

 private:
  std::string name_;
  std::string about_;
  Action action_;
  std::vector<OptionSpec> options_;
  std::vector<std::string> examples_;
  std::deque<Command> children_;  // references stay good while more are added
};

// What the words asked for.
struct Parsed {
  enum class Kind { kRun, kHelp, kUsageError };
  Kind kind = Kind::kUsageError;
  const Command* command = nullptr;  // the deepest one named
  std::string path;                  // `zae-limiter entity create`
  std::string problem;               // of a usage error
  std::string next_step;             // what to try then
};

// Reads the words into the targets of `root` and the commands below it. Options of the root are
// understood before and after any command.
Parsed Parse(const Command& root, const std::vector<std::string>& words);

// The help text of a command; the options of the root follow those of the command.
std::string HelpText(const Command& root, const Command& command, const std::string& path);

}  // namespace zael::cli
