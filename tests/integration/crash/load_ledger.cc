#include "tests/integration/crash/load_ledger.h"

#include <vector>

#include "base/format.h"

namespace zael::crash {
namespace {

std::string NameOf(const LoadBucket& bucket) { return bucket.entity + " " + bucket.limit.name; }

std::string ToText(const std::array<std::int64_t, kLoadBuckets>& tokens) {
  std::string text;
  for (const std::int64_t amount : tokens) text += Format(" {}", amount);
  return text;
}

}  // namespace

LoadLedger::LoadLedger() {
  for (const LoadBucket& bucket : LoadBuckets()) {
    history_.SetLimit(NameOf(bucket), bucket.limit, 0);
  }
}

void LoadLedger::Take(const LoadEvent& event) {
  if (event.kind == LoadEventKind::kBegun) {
    under_way_[event.thread] = event;
    return;
  }
  under_way_.erase(event.thread);
  if (event.kind == LoadEventKind::kRefused) {
    ++refused_;
    return;
  }
  ++(event.kind == LoadEventKind::kGranted ? granted_ : corrected_);
  for (std::size_t i = 0; i < kLoadBuckets; ++i) {
    const std::int64_t tokens = event.tokens[i];
    booked_[i] += tokens;
    if (tokens == 0) continue;
    const std::string name = NameOf(LoadBuckets()[i]);
    if (event.kind == LoadEventKind::kGranted) {
      history_.Grant(name, tokens, event.as_of_ms[i], event.until_ms);
    } else {
      // No bucket books a charge before the grant that it corrects.
      const std::int64_t from_ms = tokens > 0 ? event.as_of_ms[i] : event.from_ms;
      history_.Adjust(name, tokens, from_ms, event.until_ms);
    }
  }
}

std::string LoadLedger::Settle(Repository& repository, std::int64_t now_ms) {
  Totals stored{};
  for (std::size_t i = 0; i < kLoadBuckets; ++i) {
    const LoadBucket& bucket = LoadBuckets()[i];
    const auto shown =
        repository.buckets().Show(bucket.entity, {.resource = {}, .limit = bucket.limit.name});
    if (!shown.ok()) return shown.error().message();
    if (shown->empty()) continue;
    const std::int64_t milli = std::stoll(shown->front().total_consumed_milli);
    if (milli % 1000 != 0) return Format("{} consumed {} milli", NameOf(bucket), milli);
    stored[i] = milli / 1000;
  }
  Totals unexplained{};
  for (std::size_t i = 0; i < kLoadBuckets; ++i) unexplained[i] = stored[i] - booked_[i];
  if (!IsExplained(unexplained)) {
    std::string text = Format("stored{}\nacknowledged{}", ToText(stored), ToText(booked_));
    for (const auto& [thread, event] : under_way_) text += "\nunder way" + ToText(event.tokens);
    return text;
  }
  for (const auto& [thread, event] : under_way_) {
    for (std::size_t i = 0; i < kLoadBuckets; ++i) {
      if (event.tokens[i] >= 0) continue;
      history_.Adjust(NameOf(LoadBuckets()[i]), event.tokens[i], event.from_ms, now_ms);
    }
  }
  under_way_.clear();
  booked_ = stored;
  return "";
}

// Whether some of the calls under way add up to it.
bool LoadLedger::IsExplained(const Totals& unexplained) const {
  std::vector<Totals> calls;
  for (const auto& [thread, event] : under_way_) calls.push_back(event.tokens);
  for (std::size_t chosen = 0; chosen < std::size_t{1} << calls.size(); ++chosen) {
    Totals sum{};
    for (std::size_t call = 0; call < calls.size(); ++call) {
      if ((chosen >> call & 1) == 0) continue;
      for (std::size_t i = 0; i < kLoadBuckets; ++i) sum[i] += calls[call][i];
    }
    if (sum == unexplained) return true;
  }
  return false;
}

std::string LoadLedger::FindOverAdmissions() const {
  std::string text;
  for (const auto& found : history_.FindOverAdmissions()) {
    text += Format("{} at {}: {} milli too much\n", found.bucket, found.at_ms, found.excess_milli);
  }
  return text;
}

}  // namespace zael::crash
