// ScriptedCredentials: a source of credentials that answers when the test says so, and readers of
// answers.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aws/credentials.h"
#include "base/mutex.h"

namespace zael::aws {

// Thread-safe.
class ScriptedCredentials final : public CredentialsProvider {
 public:
  void Get(CredentialsCallback done) override {
    const MutexLock lock(mutex_);
    ++asked_;
    open_.push_back(std::move(done));
  }

  int asked() const {
    const MutexLock lock(mutex_);
    return asked_;
  }

  // Answers the oldest question.
  void Answer(Result<CredentialsPtr> answer) {
    CredentialsCallback done;
    {
      const MutexLock lock(mutex_);
      ASSERT_FALSE(open_.empty()) << "nobody asked";
      done = std::move(open_.front());
      open_.erase(open_.begin());
    }
    done(std::move(answer));
  }

 private:
  mutable Mutex mutex_;
  int asked_ ZAEL_GUARDED_BY(mutex_) = 0;
  std::vector<CredentialsCallback> open_ ZAEL_GUARDED_BY(mutex_);
};

// `id`, or the failure's message.
inline std::string Told(const Result<CredentialsPtr>& credentials) {
  return credentials.ok() ? (*credentials)->access_key_id : credentials.error().message();
}

// Asks and waits for the answer.
inline Result<CredentialsPtr> GetNow(CredentialsProvider& provider) {
  std::promise<Result<CredentialsPtr>> answer;
  provider.Get([&answer](Result<CredentialsPtr> told) { answer.set_value(std::move(told)); });
  return answer.get_future().get();
}

}  // namespace zael::aws
