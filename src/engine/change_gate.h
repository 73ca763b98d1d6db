// ChangeGate: hands out the positions of changes and says up to which one a reader may look.
//
// Writers of different keys finish in any order; a reader that saw position 8 before 7 was written
// would pass over 7 for ever. So a position becomes visible when every earlier one is finished. A
// position whose write failed stays a gap.
#pragma once

#include <zael/store.h>

#include <deque>

#include "base/mutex.h"

namespace zael::engine {

// Thread-safe.
class ChangeGate {
 public:
  explicit ChangeGate(ChangePosition last_written) : first_(last_written + 1) {}

  ChangePosition Begin() {
    MutexLock lock(mutex_);
    finished_.push_back(false);
    return first_ + finished_.size() - 1;
  }

  // Requires: a position of Begin, once.
  void Finish(ChangePosition position) {
    MutexLock lock(mutex_);
    finished_[position - first_] = true;
    while (!finished_.empty() && finished_.front()) {
      finished_.pop_front();
      ++first_;
    }
  }

  ChangePosition visible() {
    MutexLock lock(mutex_);
    return first_ - 1;
  }

 private:
  Mutex mutex_;
  ChangePosition first_ ZAEL_GUARDED_BY(mutex_);       // the oldest one in flight, or the next one
  std::deque<bool> finished_ ZAEL_GUARDED_BY(mutex_);  // of first_ and those after it
};

}  // namespace zael::engine
