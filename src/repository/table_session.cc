#include "repository/table_session.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "base/ulid.h"
#include "records/attributes.h"
#include "records/audit_record.h"

namespace zael::repository {
namespace {

constexpr std::chrono::milliseconds kFirstPause{2};
constexpr std::chrono::milliseconds kLongestPause{250};

// The key from which a listing goes on behind `item`: its table key and that of the index.
Key PlaceOf(const Item& item, const std::string& index) {
  Key place;
  const auto take = [&](std::string_view name) {
    if (const Value* value = item.Find(name); value != nullptr) place.Set(name, *value);
  };
  take(records::kPk);
  take(records::kSk);
  if (index == records::kGsi1) {
    take(records::kGsi1Pk);
    take(records::kGsi1Sk);
  } else if (index == records::kGsi2) {
    take(records::kGsi2Pk);
    take(records::kGsi2Sk);
  }
  return place;
}

// Takes `12:` and then 12 bytes off the front.
std::optional<std::string_view> TakeCounted(std::string_view& text) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc() || end == text.data() + text.size() || *end != ':') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  if (text.size() < size) return std::nullopt;
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(size);
  return taken;
}

}  // namespace

TableSession::TableSession(SessionOptions options)
    : options_(std::move(options)), random_(options_.random_seed) {}

Result<std::optional<Item>> TableSession::Get(const Key& key) {
  return options_.stores.items->Get({.table = table(), .key = key, .deadline = {}});
}

Result<std::vector<Item>> TableSession::QueryAll(QueryRequest query) {
  std::vector<Item> items;
  while (true) {
    ZAEL_ASSIGN(QueryPage page, options_.stores.items->Query(query));
    std::move(page.items.begin(), page.items.end(), std::back_inserter(items));
    if (!page.next) return items;
    query.start_after = std::move(page.next);
  }
}

Result<QueryPage> TableSession::QuerySome(QueryRequest query, std::size_t max_items) {
  QueryPage some;
  if (!query.filter) query.max_items = std::min(query.max_items, max_items);
  while (true) {
    ZAEL_ASSIGN(QueryPage page, options_.stores.items->Query(query));
    for (Item& item : page.items) {
      if (some.items.size() == max_items) {  // the page held more than were asked for
        some.next = PlaceOf(some.items.back(), query.index);
        return some;
      }
      some.items.push_back(std::move(item));
    }
    some.next = std::move(page.next);
    if (!some.next || some.items.size() == max_items) return some;
    query.start_after = some.next;
  }
}

Result<TransactOutcome> TableSession::Commit(std::vector<TransactItem> items, AuditEntry entry) {
  const WallTime now = clock().WallNow();
  AuditEvent event{.subject = std::move(entry.subject),
                   .event_id = MakeUlid(now, random_),
                   .timestamp = now,
                   .action = std::string(entry.action),
                   .principal = options_.principal,
                   .resource = std::move(entry.resource),
                   .details = std::move(entry.details)};
  items.push_back(PutRequest{.table = table(),
                             .item = records::EncodeAudit(event, options_.audit_retention),
                             .condition = NotExists(records::kPk)});
  if (items.size() > kMaxTransactItems) {
    return Error(ErrorCode::kFailedPrecondition,
                 Format("change {}: it takes {} writes, a transaction holds {}",
                        Shorten(event.subject), items.size(), kMaxTransactItems));
  }
  return options_.stores.items->TransactWrite(
      {.items = std::move(items), .token = std::move(event.event_id), .deadline = {}});
}

Status TableSession::Retry(std::string_view what, const std::function<Result<Attempt>()>& attempt) {
  std::chrono::milliseconds pause = kFirstPause;
  for (int tried = 0; tried < kMaxAttempts; ++tried) {
    ZAEL_ASSIGN(const Attempt outcome, attempt());
    if (outcome == Attempt::kDone) return {};
    const auto whole = std::chrono::duration_cast<std::chrono::nanoseconds>(pause);
    clock().SleepFor(
        std::chrono::nanoseconds(random_.Below(static_cast<std::uint64_t>(whole.count())) + 1));
    pause = std::min(pause * 2, kLongestPause);
  }
  return Error(ErrorCode::kAborted,
               Format("{}: others changed it in each of {} attempts", what, kMaxAttempts));
}

void TableSession::AddObserver(std::weak_ptr<ConfigObserver> observer) {
  const MutexLock lock(mutex_);
  std::erase_if(observers_, [](const auto& known) { return known.expired(); });
  observers_.push_back(std::move(observer));
}

void TableSession::Notify(const std::function<void(ConfigObserver&)>& tell) {
  std::vector<std::shared_ptr<ConfigObserver>> live;
  {
    const MutexLock lock(mutex_);
    for (const auto& known : observers_) {
      if (auto observer = known.lock()) live.push_back(std::move(observer));
    }
  }
  for (const auto& observer : live) tell(*observer);
}

Condition AsSeen(const Item& seen, std::string_view name) {
  const Value* value = seen.Find(name);
  return value == nullptr ? NotExists(name) : Equal(name, *value);
}

std::string EncodePlace(const Key& key) {
  std::string text;
  for (const Attribute& attribute : key) {
    const auto* value = attribute.value.As<std::string>();
    if (value == nullptr) continue;  // limiter keys are text
    text += Format("{}:{}{}:{}", attribute.name.size(), attribute.name, value->size(), *value);
  }
  return text;
}

Result<Key> DecodePlace(std::string_view text) {
  const Error malformed(ErrorCode::kInvalidArgument,
                        Format("read page: {} is not an answer's `next`", Shorten(text)));
  Key key;
  while (!text.empty()) {
    const auto name = TakeCounted(text);
    const auto value = name ? TakeCounted(text) : std::nullopt;
    if (!value) return malformed;
    key.Set(*name, *value);
  }
  if (key.Find(records::kPk) == nullptr || key.Find(records::kSk) == nullptr) return malformed;
  return key;
}

}  // namespace zael::repository
