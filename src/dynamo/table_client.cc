#include "dynamo/table_client.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "dynamo/answer_exchange.h"
#include "store/validate.h"

namespace zael::dynamo {
namespace {

constexpr std::chrono::nanoseconds kFirstPoll = std::chrono::milliseconds(100);
constexpr std::chrono::nanoseconds kLongestPoll = std::chrono::seconds(5);
constexpr int kMaxPages = 10'000;

Status RefuseNotes(std::string_view table, std::string_view notes) {
  if (notes.empty()) return {};
  return Error(ErrorCode::kInvalidArgument,
               Format("table {}: it cannot keep notes, DynamoDB has no place for them", table));
}

// For answers of which nothing is needed.
Result<bool> Done(std::string) { return true; }

}  // namespace

Result<TableState> TableClient::State(std::string_view name) {
  ZAEL_ASSIGN(TableState state,
              Ask<TableState>(runner_, RenderDescribeTable(name), &ReadTable, std::nullopt));
  schemas_.Put(state.description.spec);
  return state;
}

Result<TableDescription> TableClient::CreateTable(const TableSpec& spec) {
  ZAEL_TRY(store::ValidateTableSpec(spec));
  ZAEL_TRY(RefuseNotes(spec.name, spec.notes));
  schemas_.Forget(spec.name);
  const auto created = Ask<TableState>(runner_, RenderCreateTable(spec), &ReadTable, std::nullopt);
  if (!created.ok()) return RefusedCreation(spec.name, created.error());
  ZAEL_TRY(WaitUntilActive(spec.name));
  if (spec.ttl_attribute) ZAEL_TRY(SetTimeToLive(spec.name, spec.ttl_attribute));
  return DescribeTable(spec.name);
}

Result<TableDescription> TableClient::DescribeTable(std::string_view name) {
  ZAEL_ASSIGN(TableState state, State(name));
  ZAEL_ASSIGN(state.description.spec.ttl_attribute, TimeToLive(name));
  ZAEL_ASSIGN(state.description.spec.tags, TagsOf(state.arn));
  return std::move(state.description);
}

Result<TableDescription> TableClient::UpdateTable(std::string_view name,
                                                  const TableUpdate& update) {
  ZAEL_TRY(store::ValidateTableUpdate(update));
  if (update.notes) ZAEL_TRY(RefuseNotes(name, *update.notes));
  ZAEL_ASSIGN(const TableState state, WaitUntilActive(name));
  const TableSpec& spec = state.description.spec;
  if (update.deletion_protection && *update.deletion_protection != spec.deletion_protection) {
    ZAEL_TRY(Ask<bool>(runner_, RenderProtection(name, *update.deletion_protection), &Done,
                       std::nullopt));
    ZAEL_TRY(WaitUntilActive(name));
  }
  if (update.stream && *update.stream != spec.stream) {
    ZAEL_TRY(Ask<bool>(runner_, RenderStream(name, *update.stream), &Done, std::nullopt));
    ZAEL_TRY(WaitUntilActive(name));
  }
  if (update.ttl_attribute) ZAEL_TRY(SetTimeToLive(name, *update.ttl_attribute));
  if (update.tags) ZAEL_TRY(SetTags(state.arn, *update.tags));
  return DescribeTable(name);
}

Status TableClient::DeleteTable(std::string_view name) {
  schemas_.Forget(name);
  const auto deleted = Ask<bool>(runner_, RenderDeleteTable(name), &Done, std::nullopt);
  if (!deleted.ok()) return RefusedDeletion(name, deleted.error());
  return WaitUntilGone(name);
}

// That the name is taken is refused with a code of many meanings and words that servers do not
// share: the table tells.
Error TableClient::RefusedCreation(std::string_view name, const Error& refusal) {
  if (refusal.code() != ErrorCode::kFailedPrecondition || !State(name).ok()) return refusal;
  return {ErrorCode::kAlreadyExists, refusal.message()};
}

// Protection is refused with the code of any wrong request and words that change: the table tells.
Error TableClient::RefusedDeletion(std::string_view name, const Error& refusal) {
  if (refusal.code() != ErrorCode::kInvalidArgument) return refusal;
  const auto state = State(name);
  if (!state.ok() || !state->description.spec.deletion_protection) return refusal;
  return {ErrorCode::kFailedPrecondition, refusal.message()};
}

Result<std::vector<std::string>> TableClient::ListTables() {
  std::vector<std::string> names;
  std::optional<std::string> after;
  for (int page = 0; page < kMaxPages; ++page) {
    ZAEL_ASSIGN(TableNames found,
                Ask<TableNames>(runner_, RenderListTables(after), &ReadTableNames, std::nullopt));
    for (std::string& name : found.names) names.push_back(std::move(name));
    if (!found.next) return names;
    after = std::move(found.next);
  }
  return Error(ErrorCode::kUnavailable, "list tables: the pages never end");
}

// --- Waiting -------------------------------------------------------------------------------------

// `done` answers whether the aim is reached, or an error that ends the wait.
template <typename Done>
Status TableClient::Poll(std::string_view name, std::string_view aim, Done done) {
  const MonotonicTime deadline = runner_.clock().MonotonicNow() + patience_;
  for (auto longest = kFirstPoll;; longest = std::min(longest * 2, kLongestPoll)) {
    ZAEL_ASSIGN(const bool reached, done());
    if (reached) return {};
    const std::chrono::nanoseconds pause(longest.count() / 2 +
                                         static_cast<std::int64_t>(runner_.random().Below(
                                             static_cast<std::uint64_t>(longest.count() / 2))));
    if (runner_.clock().MonotonicNow() + pause >= deadline) {
      return Error(ErrorCode::kDeadlineExceeded,
                   Format("wait for table {}: it is not yet {}", name, aim));
    }
    runner_.clock().SleepFor(pause);
  }
}

Result<TableState> TableClient::WaitUntilActive(std::string_view name) {
  std::optional<TableState> state;
  ZAEL_TRY(Poll(name, "active", [&]() -> Result<bool> {
    ZAEL_ASSIGN(state, State(name));
    return state->active;
  }));
  return *std::move(state);
}

Status TableClient::WaitUntilGone(std::string_view name) {
  return Poll(name, "gone", [&]() -> Result<bool> {
    const auto state =
        Ask<TableState>(runner_, RenderDescribeTable(name), &ReadTable, std::nullopt);
    if (state.ok()) return false;
    if (state.error().code() == ErrorCode::kNotFound) return true;
    return state.error();
  });
}

// --- Expiry and tags -----------------------------------------------------------------------------

Result<std::optional<std::string>> TableClient::TimeToLive(std::string_view name) {
  return Ask<std::optional<std::string>>(runner_, RenderDescribeTimeToLive(name), &ReadTimeToLive,
                                         std::nullopt);
}

Status TableClient::SetTimeToLive(std::string_view name,
                                  const std::optional<std::string>& attribute) {
  ZAEL_ASSIGN(const std::optional<std::string> present, TimeToLive(name));
  if (present == attribute) return {};
  if (present) {
    ZAEL_TRY(Ask<bool>(runner_, RenderTimeToLive(name, *present, false), &Done, std::nullopt));
  }
  if (!attribute) return {};
  ZAEL_TRY(Ask<bool>(runner_, RenderTimeToLive(name, *attribute, true), &Done, std::nullopt));
  return {};
}

Result<Tags> TableClient::TagsOf(const std::string& arn) {
  Tags tags;
  std::optional<std::string> next;
  for (int page = 0; page < kMaxPages; ++page) {
    // A server without tags, DynamoDB Local, has none.
    ZAEL_ASSIGN(TagPage found, Ask<TagPage>(runner_, RenderListTags(arn, next), &ReadTags,
                                            std::nullopt, TagPage()));
    tags.merge(found.tags);
    if (!found.next) return tags;
    next = std::move(found.next);
  }
  return Error(ErrorCode::kUnavailable, "list tags: the pages never end");
}

Status TableClient::SetTags(const std::string& arn, const Tags& wanted) {
  ZAEL_ASSIGN(const Tags present, TagsOf(arn));
  std::vector<std::string> stale;
  for (const auto& [key, value] : present) {
    if (!wanted.contains(key) && !key.starts_with("aws:")) stale.push_back(key);
  }
  Tags changed;
  for (const auto& [key, value] : wanted) {
    const auto found = present.find(key);
    if (found == present.end() || found->second != value) changed.emplace(key, value);
  }
  if (!stale.empty()) {
    ZAEL_TRY(Ask<bool>(runner_, RenderUntag(arn, stale), &Done, std::nullopt));
  }
  if (!changed.empty()) ZAEL_TRY(Ask<bool>(runner_, RenderTag(arn, changed), &Done, std::nullopt));
  return {};
}

}  // namespace zael::dynamo
