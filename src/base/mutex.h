// Mutex, MutexLock, CondVar: std::mutex with annotations that clang checks (-Wthread-safety).
//
// Say with ZAEL_GUARDED_BY(mutex_) which mutex protects a member and with ZAEL_REQUIRES(mutex_)
// which one a private method expects to be held; forgetting the lock is then a compile error under
// clang.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define ZAEL_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define ZAEL_THREAD_ATTRIBUTE(x)
#endif

#define ZAEL_CAPABILITY(x) ZAEL_THREAD_ATTRIBUTE(capability(x))
#define ZAEL_SCOPED_CAPABILITY ZAEL_THREAD_ATTRIBUTE(scoped_lockable)
#define ZAEL_GUARDED_BY(x) ZAEL_THREAD_ATTRIBUTE(guarded_by(x))
#define ZAEL_PT_GUARDED_BY(x) ZAEL_THREAD_ATTRIBUTE(pt_guarded_by(x))
#define ZAEL_REQUIRES(...) ZAEL_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define ZAEL_EXCLUDES(...) ZAEL_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define ZAEL_ACQUIRE(...) ZAEL_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define ZAEL_RELEASE(...) ZAEL_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define ZAEL_TRY_ACQUIRE(...) ZAEL_THREAD_ATTRIBUTE(try_acquire_capability(__VA_ARGS__))
#define ZAEL_NO_THREAD_SAFETY_ANALYSIS ZAEL_THREAD_ATTRIBUTE(no_thread_safety_analysis)

namespace zael {

// Thread-safe. Lower-case lock functions too, so that std algorithms over several locks accept it.
class ZAEL_CAPABILITY("mutex") Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Lock() ZAEL_ACQUIRE() { mutex_.lock(); }
  void Unlock() ZAEL_RELEASE() { mutex_.unlock(); }
  bool TryLock() ZAEL_TRY_ACQUIRE(true) { return mutex_.try_lock(); }

  void lock() ZAEL_ACQUIRE() { mutex_.lock(); }      // NOLINT: the standard's name
  void unlock() ZAEL_RELEASE() { mutex_.unlock(); }  // NOLINT: the standard's name

 private:
  friend class CondVar;
  std::mutex mutex_;
};

// Holds the mutex for its own life.
class ZAEL_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ZAEL_ACQUIRE(mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~MutexLock() ZAEL_RELEASE() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Thread-safe. Waits may wake without a notify: wait in a loop over the condition.
class CondVar {
 public:
  void Wait(Mutex& mutex) ZAEL_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }

  // False when `timeout` passed first.
  bool WaitFor(Mutex& mutex, std::chrono::nanoseconds timeout) ZAEL_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const bool notified = condition_.wait_for(lock, timeout) == std::cv_status::no_timeout;
    lock.release();
    return notified;
  }

  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace zael
