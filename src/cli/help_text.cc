// The help text of a command, from the same descriptions the parser reads.
#include <algorithm>

#include "base/format.h"
#include "cli/command_line.h"

namespace zael::cli {
namespace {

struct Line {
  std::string left;
  std::string right;
};

std::string OptionLeft(const OptionSpec& option) {
  std::string left;
  for (const std::string& name : option.NameList()) left += (left.empty() ? "" : ", ") + name;
  if (option.is_argument()) left = option.value_name;
  if (!option.is_argument() && !option.is_flag()) left += " " + option.value_name;
  return left;
}

std::string OptionRight(const OptionSpec& option) {
  std::string right = option.help;
  std::string choices;
  for (const std::string& choice : option.choices) choices += (choices.empty() ? "" : "|") + choice;
  if (!choices.empty()) right += Format(" ({})", choices);
  if (!option.is_argument() && std::holds_alternative<std::vector<std::string>*>(option.target)) {
    right += "; repeatable";
  }
  return right;
}

void Append(std::string& text, const std::string& title, const std::vector<Line>& lines) {
  if (lines.empty()) return;
  constexpr std::size_t kMostLeft = 30;
  std::size_t width = 0;
  for (const Line& line : lines) {
    if (line.left.size() <= kMostLeft) width = std::max(width, line.left.size());
  }
  text += Format("\n{}:\n", title);
  for (const Line& line : lines) {
    if (line.left.size() > width) {
      text += Format("  {}\n  {:{}}  {}\n", line.left, "", width, line.right);
    } else {
      text += Format("  {:{}}  {}\n", line.left, width, line.right);
    }
  }
}

std::vector<Line> OptionLines(const Command& command, bool arguments) {
  std::vector<Line> lines;
  for (const OptionSpec& option : command.options()) {
    if (option.is_argument() == arguments)
      lines.push_back({OptionLeft(option), OptionRight(option)});
  }
  return lines;
}

std::string Usage(const Command& command, const std::string& path) {
  std::string usage = Format("Usage: {}", path);
  if (!command.children().empty()) usage += " COMMAND";
  for (const OptionSpec& option : command.options()) {
    if (!option.is_argument()) continue;
    const bool many = std::holds_alternative<std::vector<std::string>*>(option.target);
    const std::string name = option.value_name + (many ? "..." : "");
    usage += option.required ? " " + name : Format(" [{}]", name);
  }
  return usage + " [OPTIONS]\n";
}

}  // namespace

std::string HelpText(const Command& root, const Command& command, const std::string& path) {
  std::string text = command.about() + "\n\n" + Usage(command, path);
  std::vector<Line> commands;
  for (const Command& child : command.children()) commands.push_back({child.name(), child.about()});
  Append(text, "Commands", commands);
  Append(text, "Arguments", OptionLines(command, true));
  if (&command != &root) Append(text, "Options", OptionLines(command, false));
  Append(text, "Common options", OptionLines(root, false));
  if (!command.examples().empty()) {
    text += "\nExamples:\n";
    for (const std::string& example : command.examples()) text += "  " + example + "\n";
  }
  if (!command.children().empty()) {
    text += Format("\nMore about one: {} COMMAND --help\n", path);
  }
  return text;
}

}  // namespace zael::cli
