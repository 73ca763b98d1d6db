#include "aws/providers/refreshing_credentials.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/mutex.h"
#include "base/time.h"

namespace zael::aws {
namespace {

constexpr std::size_t kMaxWaiting = 100'000;

bool HoldsAt(const CredentialsPtr& credentials, WallTime time) {
  return credentials && (!credentials->expiry || time < *credentials->expiry);
}

}  // namespace

class RefreshingCredentials::State : public std::enable_shared_from_this<State> {
 public:
  State(std::shared_ptr<CredentialsProvider> source, std::shared_ptr<Clock> clock,
        std::shared_ptr<RandomSource> random)
      : source_(std::move(source)), clock_(std::move(clock)), random_(std::move(random)) {}

  void Get(CredentialsCallback done) {
    bool refresh = false;
    const std::optional<Result<CredentialsPtr>> answer = AnswerOrWait(done, &refresh);
    if (answer) done(*answer);
    if (refresh) Refresh();
  }

 private:
  // Nothing when `done` was taken to wait. `refresh`: whether the caller must start one.
  std::optional<Result<CredentialsPtr>> AnswerOrWait(CredentialsCallback& done, bool* refresh) {
    const MutexLock lock(mutex_);
    const WallTime now = clock_->WallNow();
    if (!HoldsAt(kept_, now) || now >= refresh_at_) *refresh = MayRefresh();
    if (HoldsAt(kept_, now + kExpiryMargin) || !refreshing_) return BestAnswer(now);
    if (waiting_.size() >= kMaxWaiting) {
      return Error(ErrorCode::kResourceExhausted,
                   "get credentials: too many calls wait for them already");
    }
    waiting_.push_back(std::move(done));
    return std::nullopt;
  }

  // Marks it as under way when the answer is true.
  bool MayRefresh() ZAEL_REQUIRES(mutex_) {
    if (refreshing_ || clock_->MonotonicNow() < pause_end_) return false;
    refreshing_ = true;
    return true;
  }

  void Refresh() {
    source_->Get([self = shared_from_this()](Result<CredentialsPtr> fresh) {
      self->Finish(std::move(fresh));
    });
  }

  void Finish(Result<CredentialsPtr> fresh) {
    std::vector<CredentialsCallback> waiting;
    std::optional<Result<CredentialsPtr>> answer;
    {
      const MutexLock lock(mutex_);
      const WallTime now = clock_->WallNow();
      if (fresh.ok() && HoldsAt(*fresh, now)) {
        Keep(*std::move(fresh), now);
      } else {
        Fail(fresh.ok() ? Error(ErrorCode::kUnavailable,
                                Format("get credentials: those received expired at {}",
                                       ToUtcText(*(*fresh)->expiry)))
                        : fresh.error());
      }
      refreshing_ = false;
      waiting.swap(waiting_);
      answer = BestAnswer(now);
    }
    for (const CredentialsCallback& done : waiting) done(*answer);
  }

  void Keep(CredentialsPtr fresh, WallTime now) ZAEL_REQUIRES(mutex_) {
    kept_ = std::move(fresh);
    failures_ = 0;
    pause_end_ = clock_->MonotonicNow() + kRefreshPause;
    refresh_at_ = WallTime::max();
    if (!kept_->expiry) return;
    const Milliseconds ahead = std::min<Milliseconds>(kRefreshAhead, (*kept_->expiry - now) / 2);
    const auto most_jitter = static_cast<std::uint64_t>(ahead.count() / 5);
    const Milliseconds jitter(static_cast<std::int64_t>(random_->Below(most_jitter + 1)));
    refresh_at_ = *kept_->expiry - ahead - jitter;
  }

  void Fail(Error error) ZAEL_REQUIRES(mutex_) {
    failure_ = std::move(error);
    const int doublings = std::min(failures_++, 8);
    const Milliseconds pause =
        std::min<Milliseconds>(kMaxRefreshPause, Milliseconds(kRefreshPause) * (1 << doublings));
    // Between half and all of it.
    const auto half = static_cast<std::uint64_t>(pause.count() / 2);
    pause_end_ = clock_->MonotonicNow() + pause -
                 Milliseconds(static_cast<std::int64_t>(random_->Below(half + 1)));
  }

  // When there is nothing to wait for.
  Result<CredentialsPtr> BestAnswer(WallTime now) const ZAEL_REQUIRES(mutex_) {
    if (HoldsAt(kept_, now)) return kept_;
    if (!kept_) return failure_;
    return Error(failure_.code(), Format("the credentials expired at {}; {}",
                                         ToUtcText(*kept_->expiry), failure_.message()));
  }

  const std::shared_ptr<CredentialsProvider> source_;
  const std::shared_ptr<Clock> clock_;
  const std::shared_ptr<RandomSource> random_;

  Mutex mutex_;
  CredentialsPtr kept_ ZAEL_GUARDED_BY(mutex_);
  WallTime refresh_at_ ZAEL_GUARDED_BY(mutex_);
  MonotonicTime pause_end_ ZAEL_GUARDED_BY(mutex_);
  int failures_ ZAEL_GUARDED_BY(mutex_) = 0;  // since the last success
  Error failure_ ZAEL_GUARDED_BY(mutex_){ErrorCode::kUnavailable,
                                         "get credentials: those just received have expired"};
  bool refreshing_ ZAEL_GUARDED_BY(mutex_) = false;
  std::vector<CredentialsCallback> waiting_ ZAEL_GUARDED_BY(mutex_);
};

RefreshingCredentials::RefreshingCredentials(std::shared_ptr<CredentialsProvider> source,
                                             std::shared_ptr<Clock> clock,
                                             std::shared_ptr<RandomSource> random)
    : state_(std::make_shared<State>(std::move(source), std::move(clock), std::move(random))) {}

void RefreshingCredentials::Get(CredentialsCallback done) { state_->Get(std::move(done)); }

}  // namespace zael::aws
