#include "cli/command_line.h"

#include <CLI/CLI.hpp>

#include "base/format.h"
#include "base/text.h"
#include "cli/suggest.h"
#include "cli/units.h"

namespace zael::cli {
namespace {

// The parser's view of one command, and what went wrong in the values.
struct Reader {
  CLI::App* app;
  const Command* command;
};

struct Reading {
  std::vector<Reader> readers;
  std::string problem;
  std::string next_step;

  void Fail(const std::string& what, const std::string& next = "") {
    if (!problem.empty()) return;  // the first problem is the one to mend
    problem = what;
    next_step = next;
  }
};

std::string Described(const OptionSpec& option) {
  return option.is_argument() ? option.value_name : option.NameList().front();
}

void CheckChoice(Reading& reading, const OptionSpec& option, const std::string& value) {
  if (option.choices.empty()) return;
  std::string all;
  for (const std::string& choice : option.choices) {
    if (choice == value) return;
    all += (all.empty() ? "" : ", ") + choice;
  }
  const std::optional<std::string> nearest = Nearest(value, option.choices);
  reading.Fail(Format("read {}: {} is not one of {}", Described(option), Shorten(value), all),
               nearest ? Format("{} {}", Described(option), *nearest) : "");
}

// What an option does with each value it was given.
struct Store {
  Reading& reading;
  const OptionSpec& option;
  const std::vector<std::string>& values;

  void operator()(bool*) const {}
  void operator()(std::string* target) const { *target = values.back(); }
  void operator()(std::optional<std::string>* target) const {
    if (values.size() > 1) {
      reading.Fail(
          Format("read {}: given {} times, once is the most", Described(option), values.size()));
    }
    *target = values.back();
  }
  void operator()(std::vector<std::string>* target) const { *target = values; }
  void operator()(const NumberTarget& target) const {
    const auto number = ParseNumber(Described(option), values.back(), target.min, target.max);
    if (number.ok()) {
      *target.value = *number;
    } else {
      reading.Fail(number.error().message());
    }
  }
};

void Bind(CLI::App* app, const OptionSpec& option, Reading& reading) {
  if (const auto* flag = std::get_if<bool*>(&option.target)) {
    app->add_flag(option.names, **flag, option.help);
    return;
  }
  const std::function<void(const std::vector<std::string>&)> store =
      [&reading, &option](const std::vector<std::string>& values) {
        for (const std::string& value : values) CheckChoice(reading, option, value);
        std::visit(Store{reading, option, values}, option.target);
      };
  CLI::Option* bound =
      app->add_option_function<std::vector<std::string>>(option.names, store, option.help);
  const bool many = std::holds_alternative<std::vector<std::string>*>(option.target);
  if (option.is_argument()) {
    bound->required(option.required);
    if (!many) bound->expected(1)->allow_extra_args(false);
  } else {
    // One value after each name: what follows is an argument, never a second value.
    bound->expected(1)->allow_extra_args(false)->take_all();
  }
  bound->type_name(option.value_name);
}

void Build(CLI::App* app, const Command& command, Reading& reading) {
  reading.readers.push_back({app, &command});
  app->fallthrough();
  app->allow_extras();
  app->require_subcommand(0, 1);
  app->set_help_flag("--help,-h", "");
  for (const OptionSpec& option : command.options()) Bind(app, option, reading);
  for (const Command& child : command.children()) {
    Build(app->add_subcommand(child.name(), child.about()), child, reading);
  }
}

std::vector<std::string> ChildNames(const Command& command) {
  std::vector<std::string> names;
  for (const Command& child : command.children()) names.push_back(child.name());
  return names;
}

// An option nobody knows, or a word where a command should stand.
void ExplainUnknown(const Command& root, const std::string& word, Parsed& parsed) {
  parsed.kind = Parsed::Kind::kUsageError;
  const bool is_option = word.size() > 1 && word.front() == '-';
  std::vector<std::string> candidates;
  if (is_option) {
    for (const Command* known : {parsed.command, &root}) {
      for (const OptionSpec& option : known->options()) {
        if (option.is_argument()) continue;
        for (const std::string& name : option.NameList()) {
          if (name.size() > 2) candidates.push_back(name);
        }
      }
    }
    parsed.problem = Format("read command line: {} has no option {}", parsed.path, Shorten(word));
  } else if (!parsed.command->action()) {
    candidates = ChildNames(*parsed.command);
    parsed.problem = Format("read command line: {} has no command {}", parsed.path, Shorten(word));
  } else {
    parsed.problem =
        Format("read command line: {} takes no further argument {}", parsed.path, Shorten(word));
  }
  const std::optional<std::string> nearest = Nearest(word.substr(0, word.find('=')), candidates);
  parsed.next_step =
      nearest ? Format("{} {}", parsed.path, *nearest) : Format("{} --help", parsed.path);
}

// CLI11's own words for what is missing, in ours.
void ExplainParseError(const CLI::ParseError& error, Parsed& parsed) {
  parsed.kind = Parsed::Kind::kUsageError;
  parsed.problem = Format("read command line: {}", error.what());
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    for (const OptionSpec& option : parsed.command->options()) {
      if (!std::string_view(error.what()).starts_with(option.names + " ")) continue;
      parsed.problem = Format("read command line: {} needs {} ({})", parsed.path, option.value_name,
                              option.help);
    }
  } else if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    parsed.problem = Format("read command line: an option lacks its value ({})", error.what());
  }
  parsed.next_step = Format("{} --help", parsed.path);
}

void FindDeepest(const Reading& reading, Parsed& parsed) {
  for (const Reader& reader : reading.readers) {
    if (reader.app->get_parent() != nullptr && !reader.app->parsed()) continue;
    parsed.command = reader.command;
    parsed.path += (parsed.path.empty() ? "" : " ") + reader.command->name();
  }
}

}  // namespace

std::vector<std::string> OptionSpec::NameList() const {
  std::vector<std::string> list;
  for (std::size_t begin = 0; begin <= names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    list.push_back(names.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

Command& Command::AddGroup(std::string name, std::string about) {
  return children_.emplace_back(std::move(name), std::move(about));
}

Command& Command::AddCommand(std::string name, std::string about, Action action) {
  Command& command = children_.emplace_back(std::move(name), std::move(about));
  command.action_ = std::move(action);
  return command;
}

Command& Command::Argument(std::string name, std::string* target, std::string help) {
  options_.push_back({.names = name,
                      .value_name = name,
                      .help = std::move(help),
                      .choices = {},
                      .required = true,
                      .target = target});
  return *this;
}

Command& Command::Option(OptionSpec option) {
  options_.push_back(std::move(option));
  return *this;
}

Command& Command::Example(std::string line) {
  examples_.push_back(std::move(line));
  return *this;
}

Parsed Parse(const Command& root, const std::vector<std::string>& words) {
  Parsed parsed;
  parsed.kind = Parsed::Kind::kRun;
  Reading reading;
  CLI::App app(root.about(), root.name());
  try {
    Build(&app, root, reading);
    // CLI11 wants the words last first.
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    FindDeepest(reading, parsed);
    const std::vector<std::string> unknown = app.remaining(true);
    if (!unknown.empty()) {
      ExplainUnknown(root, unknown.front(), parsed);
    } else if (!reading.problem.empty()) {
      parsed.kind = Parsed::Kind::kUsageError;
      parsed.problem = reading.problem;
      parsed.next_step =
          !reading.next_step.empty() ? reading.next_step : Format("{} --help", parsed.path);
    } else if (!parsed.command->action()) {
      parsed.kind = Parsed::Kind::kHelp;
    }
  } catch (const CLI::CallForHelp&) {
    FindDeepest(reading, parsed);
    parsed.kind = Parsed::Kind::kHelp;
  } catch (const CLI::ParseError& error) {
    parsed.path.clear();
    FindDeepest(reading, parsed);
    const std::vector<std::string> unknown = app.remaining(true);
    if (!unknown.empty()) {
      ExplainUnknown(root, unknown.front(), parsed);
    } else {
      ExplainParseError(error, parsed);
    }
  }
  return parsed;
}

}  // namespace zael::cli
