#include "cli/program.h"

#include <algorithm>
#include <exception>

#include "base/format.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/report.h"

namespace zael::cli {
namespace {

void AddCommonOptions(Command& root, CommonOptions* common) {
  const auto text = [&root](const char* names, const char* value_name, const char* help,
                            std::optional<std::string>* target,
                            std::vector<std::string> choices = {}) {
    root.Option({.names = names,
                 .value_name = value_name,
                 .help = help,
                 .choices = std::move(choices),
                 .target = target});
  };
  const auto flag = [&root](const char* names, const char* help, bool* target) {
    root.Option({.names = names, .value_name = "", .help = help, .choices = {}, .target = target});
  };
  text("--name,-n", "NAME", "the limiter; default ZAEL_NAME, else `limiter`", &common->name);
  text("--data-dir", "DIRECTORY", "of the embedded engine; default ZAEL_DATA_DIR, else your own",
       &common->data_dir);
  text("--store", "STORE", "which store", &common->store, {"embedded", "aws"});
  text("--region", "REGION", "DynamoDB in this region", &common->region);
  text("--endpoint-url", "URL", "DynamoDB, or what speaks its protocol, at this address",
       &common->endpoint_url);
  text("--durability", "WHAT",
       "what an answered write survives: the end of the process (default) or a power loss",
       &common->durability, {"process", "power"});
  text("--timeout", "DURATION", "wait so long for a busy data directory or an answer; default 10s",
       &common->timeout);
  flag("--json", "answer with one JSON document", &common->json);
  flag("--quiet", "data only: no sentences, no progress", &common->quiet);
}

int Fail(const Error& error, const std::string& next_step, bool json, const Console& console) {
  console.err(FailureText(error, next_step, json, console));
  return ExitCodeOf(error.code());
}

int RunCommand(const Command& command, Session& session) {
  const CommonOptions& options = session.options();
  const Console& console = session.console();
  Report report;
  const Result<ExitCode> code = command.action()(session, report);
  if (!code.ok()) return Fail(code.error(), session.next_step(), options.json, console);
  console.out(options.json ? report.RenderJson() : report.RenderText(console, options.quiet));
  return static_cast<int>(*code);
}

}  // namespace

Command MakeProgram(CommonOptions* common) {
  Command root("zae-limiter", "Rate limits that hold exactly, shared by any number of processes.");
  AddCommonOptions(root, common);
  AddDeployCommands(root);
  AddAcquireCommand(root);
  AddAvailableCommand(root);
  AddExplainCommand(root);
  AddReplayCommand(root);
  AddEntityCommands(root);
  AddResourceCommands(root);
  AddSystemCommands(root);
  AddBucketCommands(root);
  AddAuditCommands(root);
  AddLocalCommands(root);
  AddCompletionCommand(root);
  root.Example("zae-limiter deploy");
  root.Example("zae-limiter system set-defaults -l rpm:100 -l tpm:10000/min:50000");
  root.Example("zae-limiter acquire api-key-1 gpt-4 -c rpm=1 -c tpm=500");
  root.Example("zae-limiter replay yesterday.csv -l rpm:600 -l tpm:600000 --temporary");
  return root;
}

int RunProgram(const std::vector<std::string>& words, const Environment& environment,
               const Console& console) {
  CommonOptions common;
  const Command root = MakeProgram(&common);
  const Parsed parsed = Parse(root, words);
  switch (parsed.kind) {
    case Parsed::Kind::kHelp: {
      const std::string help = HelpText(root, *parsed.command, parsed.path);
      // A bare group is a question, but nothing was done: scripts must notice.
      const bool asked = std::find_if(words.begin(), words.end(), [](const std::string& word) {
                           return word == "--help" || word == "-h";
                         }) != words.end();
      asked ? console.out(help) : console.err(help);
      return static_cast<int>(asked ? ExitCode::kDone : ExitCode::kUsage);
    }
    case Parsed::Kind::kUsageError: {
      const bool json = std::find(words.begin(), words.end(), "--json") != words.end();
      return Fail(Error(ErrorCode::kInvalidArgument, parsed.problem), parsed.next_step, json,
                  console);
    }
    case Parsed::Kind::kRun:
      break;
  }
  Session session(common, environment, console);
  try {
    return RunCommand(*parsed.command, session);
  } catch (const std::exception& failure) {  // no memory, no thread: nothing of ours throws
    return Fail(Error(ErrorCode::kInternal, Format("run {}: {}", parsed.path, failure.what())),
                "report this with the command you ran", common.json, console);
  }
}

}  // namespace zael::cli
