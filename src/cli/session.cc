#include "cli/session.h"

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "cli/units.h"
#include "open/open_served.h"
#include "records/table.h"

namespace zael::cli {
namespace {

constexpr Milliseconds kDefaultTimeout{10'000};

Error NoDynamo(const std::string& because) {
  return Error(ErrorCode::kInvalidArgument,
               Format("choose store: {} asks for DynamoDB, and this release has the embedded "
                      "engine only",
                      because));
}

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
  const std::optional<std::string> store =
      options_.store ? options_.store : environment_("ZAEL_STORE");
  const std::string store_origin = options_.store ? "--store" : "ZAEL_STORE";
  if (store && *store != "embedded" && *store != "aws") {
    return Error(ErrorCode::kInvalidArgument,
                 Format("choose store: {} {} is neither `embedded` nor `aws`", store_origin,
                        Shorten(*store)));
  }
  std::string asks_for_dynamo;
  if (options_.endpoint_url) asks_for_dynamo = "--endpoint-url";
  if (options_.region) asks_for_dynamo = "--region";
  if (store == "aws") asks_for_dynamo = store_origin + " aws";
  if (!store && asks_for_dynamo.empty()) {
    for (const char* name : {"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"}) {
      if (const auto url = environment_(name); url && !url->empty()) asks_for_dynamo = name;
    }
  }
  if (!asks_for_dynamo.empty()) {
    next_step_ = asks_for_dynamo.starts_with("-") ? Format("leave out {}", asks_for_dynamo)
                                                  : "add --store embedded";
    return NoDynamo(asks_for_dynamo);
  }
  return ChooseDirectory(store ? Format("{} embedded", store_origin)
                               : "no --region, --endpoint-url or --store was given");
}

Result<StoreChoice> Session::ChooseDirectory(std::string reason) {
  StoreChoice choice{.data_dir = {}, .reason = std::move(reason)};
  if (options_.data_dir) {
    if (options_.data_dir->empty()) {
      return Error(ErrorCode::kInvalidArgument,
                   "read --data-dir: '' is not a directory; a path is the rule");
    }
    choice.data_dir = *options_.data_dir;
    choice.reason += "; directory from --data-dir";
  } else if (const auto dir = environment_("ZAEL_DATA_DIR"); dir && !dir->empty()) {
    choice.data_dir = *dir;
    choice.reason += "; directory from ZAEL_DATA_DIR";
  } else if (const auto share = environment_("XDG_DATA_HOME"); share && !share->empty()) {
    choice.data_dir = *share + "/zae-limiter";
    choice.reason += "; the default directory under XDG_DATA_HOME";
  } else if (const auto home = environment_("HOME"); home && !home->empty()) {
    choice.data_dir = *home + "/.local/share/zae-limiter";
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
  ZAEL_ASSIGN(StoreChoice choice, ChooseDirectory("it is about the embedded store"));
  return MakeOptions(std::move(choice));
}

Result<OpenOptions> Session::MakeOptions(StoreChoice choice) {
  ZAEL_ASSIGN(const std::string table, records::TableName(limiter_name()));
  OpenOptions open;
  open.name = records::LimiterName(table);
  open.data_dir = std::move(choice.data_dir);
  open.create_if_missing = false;
  if (options_.durability == "power") open.durability = Durability::kPower;
  open.lock_timeout = kDefaultTimeout;
  if (options_.timeout) {
    ZAEL_ASSIGN(open.lock_timeout, ParseDuration("--timeout", *options_.timeout));
  }
  return open;
}

Result<std::shared_ptr<Repository>> Session::OpenTable() {
  ZAEL_ASSIGN(const OpenOptions open, MakeOpenOptions());
  return OpenTable(open);
}

Result<std::shared_ptr<Repository>> Session::OpenTable(const OpenOptions& options) {
  ZAEL_ASSIGN(auto served, open::OpenServed(options));
  if (served != nullptr) return served;
  auto repository = Repository::Open(options);
  if (repository.ok()) return repository;
  switch (repository.error().code()) {
    case ErrorCode::kNotFound:
      next_step_ = CommandText("deploy");
      break;
    case ErrorCode::kUnavailable:
      next_step_ = "stop the process that holds the directory, or wait longer with --timeout 1m";
      break;
    case ErrorCode::kPermissionDenied:
      next_step_ = "run as the owner of the directory, or choose another with --data-dir";
      break;
    default:
      break;
  }
  return repository;
}

std::string Session::CommandText(const std::string& words) const {
  std::string text = "zae-limiter " + words;
  if (options_.name) text += " --name " + Quoted(*options_.name);
  if (options_.data_dir) text += " --data-dir " + Quoted(*options_.data_dir);
  return text;
}

std::string StoreSentence(const StoreChoice& choice) {
  return Format("store: embedded engine in {} ({})", choice.data_dir, choice.reason);
}

}  // namespace zael::cli
