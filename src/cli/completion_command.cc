// `completion bash|zsh|fish`: scripts made from the same tree that the parser reads.
#include <algorithm>
#include <memory>

#include "base/format.h"
#include "cli/commands.h"
#include "cli/program.h"
#include "cli/report.h"

namespace zael::cli {
namespace {

// A command with the words that lead to it, without the program's name.
struct Place {
  std::string path;
  const Command* command;
};

void Collect(const Command& command, const std::string& path, std::vector<Place>& places) {
  places.push_back({path, &command});
  for (const Command& child : command.children()) {
    Collect(child, path.empty() ? child.name() : path + " " + child.name(), places);
  }
}

std::vector<std::string> OptionNames(const Command& command) {
  std::vector<std::string> names;
  for (const OptionSpec& option : command.options()) {
    if (!option.is_argument()) names.push_back(option.NameList().front());
  }
  return names;
}

// What may stand next: commands below, values of the first argument, options.
std::string Words(const Command& root, const Command& command) {
  std::string words;
  for (const Command& child : command.children()) words += child.name() + " ";
  for (const OptionSpec& option : command.options()) {
    if (!option.is_argument()) continue;
    for (const std::string& choice : option.choices) words += choice + " ";
  }
  for (const std::string& name : OptionNames(command)) words += name + " ";
  if (&command != &root) {
    for (const std::string& name : OptionNames(root)) words += name + " ";
  }
  return words + "--help";
}

// A shell `case` from the path typed so far to the words that may follow; bash and zsh share it.
std::string ShellCases(const Command& root, const std::vector<Place>& places,
                       const char* variable) {
  std::string cases;
  for (const Place& place : places) {
    cases += Format("    '{}') {}='{}' ;;\n", place.path, variable, Words(root, *place.command));
  }
  return cases;
}

// The case patterns of all paths: only known words lengthen the path.
std::string KnownPaths(const std::vector<Place>& places) {
  std::string paths;
  for (const Place& place : places) {
    if (!place.path.empty()) paths += (paths.empty() ? "'" : "|'") + place.path + "'";
  }
  return paths;
}

std::string BashScript(const Command& root, const std::vector<Place>& places) {
  return Format(
      R"sh(# bash completion of zae-limiter: eval "$(zae-limiter completion bash)"
_zae_limiter() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" path='' word words i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${{path:+$path }}${{COMP_WORDS[i]}}"
    case "$word" in
      {}) path="$word" ;;
    esac
  done
  case "$path" in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _zae_limiter zae-limiter
)sh",
      KnownPaths(places), ShellCases(root, places, "words"));
}

std::string ZshScript(const Command& root, const std::vector<Place>& places) {
  return Format(
      R"sh(#compdef zae-limiter
# zsh completion of zae-limiter: eval "$(zae-limiter completion zsh)"
_zae_limiter() {{
  local path_typed="" word i
  for ((i = 2; i < CURRENT; i++)); do
    word="${{path_typed:+$path_typed }}${{words[i]}}"
    case "$word" in
      {}) path_typed="$word" ;;
    esac
  done
  local next=''
  case "$path_typed" in
{}  esac
  compadd -- ${{=next}} || _files
}}
compdef _zae_limiter zae-limiter
)sh",
      KnownPaths(places), ShellCases(root, places, "next"));
}

std::string FishQuoted(std::string text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string FishOptions(const Command& command, const std::string& condition) {
  std::string lines;
  for (const OptionSpec& option : command.options()) {
    if (option.is_argument()) {
      for (const std::string& choice : option.choices) {
        lines += Format("complete -c zae-limiter -n {} -f -a {}\n", FishQuoted(condition), choice);
      }
      continue;
    }
    lines += Format("complete -c zae-limiter -n {}", FishQuoted(condition));
    for (const std::string& name : option.NameList()) {
      lines += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    if (!option.is_flag()) lines += " -r";
    for (const std::string& choice : option.choices) lines += " -a " + choice;
    lines += Format(" -d {}\n", FishQuoted(option.help));
  }
  return lines;
}

std::string FishScript(const Command& root) {
  std::string script = "# fish completion of zae-limiter: zae-limiter completion fish | source\n";
  script += FishOptions(root, "true");
  for (const Command& child : root.children()) {
    script += Format("complete -c zae-limiter -n __fish_use_subcommand -f -a {} -d {}\n",
                     child.name(), FishQuoted(child.about()));
    const std::string inside = "__fish_seen_subcommand_from " + child.name();
    script += FishOptions(child, inside);
    for (const Command& below : child.children()) {
      script += Format("complete -c zae-limiter -n {} -f -a {} -d {}\n", FishQuoted(inside),
                       below.name(), FishQuoted(below.about()));
      script += FishOptions(below, inside + "; and __fish_seen_subcommand_from " + below.name());
    }
  }
  return script;
}

}  // namespace

void AddCompletionCommand(Command& root) {
  const auto shell = std::make_shared<std::string>();
  root.AddCommand("completion", "Print a completion script for a shell",
                  [shell](Session&, Report& report) -> Result<ExitCode> {
                    CommonOptions unused;
                    const Command program = MakeProgram(&unused);
                    std::vector<Place> places;
                    Collect(program, "", places);
                    report.SetRaw(*shell == "bash"  ? BashScript(program, places)
                                  : *shell == "zsh" ? ZshScript(program, places)
                                                    : FishScript(program));
                    return ExitCode::kDone;
                  })
      .Option({.names = "SHELL",
               .value_name = "SHELL",
               .help = "which shell",
               .choices = {"bash", "zsh", "fish"},
               .required = true,
               .target = shell.get()})
      .Example("eval \"$(zae-limiter completion bash)\"")
      .Example("zae-limiter completion fish | source");
}

}  // namespace zael::cli
