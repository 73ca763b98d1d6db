#include "cli/session.h"

#include "base/format.h"
#include "base/try.h"
#include "cli/units.h"
#include "open/open_served.h"
#include "records/table.h"

namespace zael::cli {
namespace {

constexpr Milliseconds kDefaultTimeout{10'000};

// In single quotes where a shell would take it apart.
std::string Quoted(const std::string& text) {
  if (!text.empty() && text.find_first_of(" \t\n'\"\\$&;|<>()*?[]#~`") == std::string::npos) {
    return text;
  }
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

Session::Session(CommonOptions options, Environment environment, const Console& console)
    : options_(std::move(options)), environment_(std::move(environment)), console_(console) {}

std::string Session::limiter_name() const {
  if (options_.name) return *options_.name;
  return environment_("ZAEL_NAME").value_or("limiter");
}

Result<StoreChoice> Session::ChooseStore() {
  const auto chosen = open::ChooseStore({.store = options_.store.value_or(""),
                                         .region = options_.region.value_or(""),
                                         .endpoint_url = options_.endpoint_url.value_or(""),
                                         .data_dir = options_.data_dir.value_or("")},
                                        environment_);
  if (!chosen.ok()) {
    next_step_ = "choose one: --store embedded, --region REGION or --endpoint-url URL";
    return chosen.error();
  }
  if (chosen->kind == open::StoreKind::kDynamo) return DynamoChoice(*chosen);
  const bool given = chosen->because.starts_with("--store") || chosen->because.starts_with("ZAEL");
  return EmbeddedChoice(given ? chosen->because
                              : "no --region, --endpoint-url or --store was given");
}

StoreChoice Session::DynamoChoice(const open::StoreChoice& chosen) const {
  StoreChoice choice{.kind = chosen.kind, .place = "", .reason = chosen.because};
  if (!chosen.endpoint_url.empty()) {
    choice.place = "at " + chosen.endpoint_url;
    return choice;
  }
  for (const auto& region :
       {options_.region, environment_("AWS_REGION"), environment_("AWS_DEFAULT_REGION")}) {
    if (region && !region->empty() && choice.place.empty()) choice.place = "in " + *region;
  }
  if (choice.place.empty()) choice.place = "in the region of the AWS profile";
  return choice;
}

Result<StoreChoice> Session::EmbeddedChoice(std::string reason) {
  StoreChoice choice{.place = "", .reason = std::move(reason)};
  if (options_.data_dir && options_.data_dir->empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 "read --data-dir: '' is not a directory; a path is the rule");
  }
  if (options_.data_dir) {
    choice.place = *options_.data_dir;
    choice.reason += "; directory from --data-dir";
  } else if (const auto dir = environment_("ZAEL_DATA_DIR"); dir && !dir->empty()) {
    choice.place = *dir;
    choice.reason += "; directory from ZAEL_DATA_DIR";
  } else if (const auto share = environment_("XDG_DATA_HOME"); share && !share->empty()) {
    choice.place = *share + "/zae-limiter";
    choice.reason += "; the default directory under XDG_DATA_HOME";
  } else if (const auto home = environment_("HOME"); home && !home->empty()) {
    choice.place = *home + "/.local/share/zae-limiter";
    choice.reason += "; the default directory";
  } else {
    next_step_ = "add --data-dir DIRECTORY";
    return Error(ErrorCode::kInvalidArgument,
                 "choose store: no data directory, neither --data-dir, ZAEL_DATA_DIR, "
                 "XDG_DATA_HOME nor HOME is set");
  }
  return choice;
}

Result<OpenOptions> Session::MakeOpenOptions() {
  ZAEL_ASSIGN(StoreChoice choice, ChooseStore());
  return MakeOptions(std::move(choice));
}

Result<OpenOptions> Session::MakeEmbeddedOptions() {
  ZAEL_ASSIGN(StoreChoice choice, EmbeddedChoice("it is about the embedded store"));
  return MakeOptions(std::move(choice));
}

Result<OpenOptions> Session::MakeOptions(StoreChoice choice) {
  ZAEL_ASSIGN(const std::string table, records::TableName(limiter_name()));
  OpenOptions open;
  open.name = records::LimiterName(table);
  if (choice.kind == open::StoreKind::kDynamo) {
    open.store = "aws";
    open.region = options_.region.value_or("");
    open.endpoint_url = options_.endpoint_url.value_or("");
  } else {
    open.store = "embedded";
    open.data_dir = std::move(choice.place);
  }
  open.create_if_missing = false;
  if (options_.durability == "power") open.durability = Durability::kPower;
  open.lock_timeout = kDefaultTimeout;
  open.store_timeout = kDefaultTimeout;
  if (options_.timeout) {
    ZAEL_ASSIGN(open.lock_timeout, ParseDuration("--timeout", *options_.timeout));
    open.store_timeout = open.lock_timeout;
  }
  return open;
}

Result<std::shared_ptr<Repository>> Session::OpenTable() {
  ZAEL_ASSIGN(const OpenOptions open, MakeOpenOptions());
  return OpenTable(open);
}

Result<std::shared_ptr<Repository>> Session::OpenTable(const OpenOptions& options) {
  const bool is_dynamo = options.store == "aws";
  if (!is_dynamo) {
    ZAEL_ASSIGN(auto served, open::OpenServed(options));
    if (served != nullptr) return served;
  }
  auto repository = Repository::Open(options);
  if (!repository.ok()) {
    AdviseOn(repository.error(), is_dynamo ? open::StoreKind::kDynamo : open::StoreKind::kEmbedded);
  }
  return repository;
}

void Session::AdviseOn(const Error& error, open::StoreKind kind) {
  const bool is_dynamo = kind == open::StoreKind::kDynamo;
  switch (error.code()) {
    case ErrorCode::kNotFound:
      next_step_ = CommandText("deploy");
      break;
    case ErrorCode::kUnavailable:
      next_step_ = is_dynamo ? "check the address and the network, or wait longer with --timeout 1m"
                             : "stop the process that holds the directory, or wait longer with "
                               "--timeout 1m";
      break;
    case ErrorCode::kPermissionDenied:
      next_step_ = is_dynamo ? "check the AWS credentials and what they allow"
                             : "run as the owner of the directory, or choose another with "
                               "--data-dir";
      break;
    default:
      break;
  }
}

std::string Session::CommandText(const std::string& words) const {
  std::string text = "zae-limiter " + words;
  if (options_.name) text += " --name " + Quoted(*options_.name);
  for (const auto& [option, value] :
       {std::pair{" --data-dir ", &options_.data_dir}, std::pair{" --store ", &options_.store},
        std::pair{" --region ", &options_.region},
        std::pair{" --endpoint-url ", &options_.endpoint_url}}) {
    if (*value) text += option + Quoted(**value);
  }
  return text;
}

std::string StoreSentence(const StoreChoice& choice) {
  if (choice.kind == open::StoreKind::kDynamo) {
    return Format("store: DynamoDB {} ({})", choice.place, choice.reason);
  }
  const std::string through = choice.through.empty() ? "" : ", through " + choice.through;
  return Format("store: embedded engine in {}{} ({})", choice.place, through, choice.reason);
}

}  // namespace zael::cli
