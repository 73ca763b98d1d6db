// Session: what every command starts from: the common options, the environment, the store they
// choose.
//
// Repositories are opened late, so that a usage error never touches the store. Thread-compatible.
#pragma once

#include <zael/limiter.h>
#include <zael/repository.h>
#include <zael/result.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/console.h"
#include "open/store_choice.h"

namespace zael::cli {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// As given on the command line; absent where not given.
struct CommonOptions {
  std::optional<std::string> name, region, endpoint_url, store, data_dir, durability, timeout;
  bool json = false;
  bool quiet = false;
};

// Which store was chosen, and why, as the first line of `status` and `deploy` says.
struct StoreChoice {
  open::StoreKind kind = open::StoreKind::kEmbedded;
  std::string place;  // the directory; the address or region of DynamoDB
  std::string reason;
  std::string through;  // the URL of the endpoint that serves the directory; empty: nobody does
};

class Session {
 public:
  Session(CommonOptions options, Environment environment, const Console& console);

  const CommonOptions& options() const { return options_; }
  const Console& console() const { return console_; }
  std::string limiter_name() const;

  // The store the options and the environment choose. Errors: kInvalidArgument (options that
  // exclude each other, no directory), with the next step set.
  Result<StoreChoice> ChooseStore();

  // How Repository::Open is to be called. Errors as ChooseStore; a bad name or timeout.
  Result<OpenOptions> MakeOpenOptions();

  // The same for the embedded store, whatever else options and environment choose: for commands
  // that are about nothing but it.
  Result<OpenOptions> MakeEmbeddedOptions();

  // The table of the common options, which must exist; through the endpoint of the process that
  // serves the directory, where one does. Errors as Repository::Open, with the next step set.
  Result<std::shared_ptr<Repository>> OpenTable();

  // The same with other options: clock, directory, or making the table.
  Result<std::shared_ptr<Repository>> OpenTable(const OpenOptions& options);

  // What to try after the error this command is about to answer.
  void SetNextStep(std::string next_step) { next_step_ = std::move(next_step); }
  const std::string& next_step() const { return next_step_; }

  // `zae-limiter WORDS` with the common options that choose the table, to be pasted.
  std::string CommandText(const std::string& words) const;

 private:
  Result<StoreChoice> EmbeddedChoice(std::string reason);
  Result<OpenOptions> MakeOptions(StoreChoice choice);
  StoreChoice DynamoChoice(const open::StoreChoice& chosen) const;
  void AdviseOn(const Error& error, open::StoreKind kind);

  CommonOptions options_;
  Environment environment_;
  const Console& console_;
  std::string next_step_;
};

// The sentence about the choice.
std::string StoreSentence(const StoreChoice& choice);

}  // namespace zael::cli
