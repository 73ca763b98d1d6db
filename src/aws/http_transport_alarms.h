// Alarms: every deadline of a transport in one ordered set, behind one timer of the system.
//
// Setting and clearing an alarm is a tree operation and no system call: nearly every deadline is
// cleared long before it comes, so the system's timer is only moved forward, and when it rings
// early it is simply set again.
#pragma once

#include <zael/clock.h>

#include <functional>
#include <map>
#include <optional>

namespace zael::aws {

class Alarms;

// Something that wants to be told when a time has come. Must be cleared before its life ends.
class Alarm {
 public:
  Alarm() = default;
  virtual ~Alarm() = default;
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

 private:
  friend class Alarms;
  virtual void Ring() = 0;  // already cleared; may set itself again, and may end its own life

  std::optional<std::multimap<MonotonicTime, Alarm*>::iterator> place_;
};

// Thread-compatible.
class Alarms {
 public:
  // `move_timer` is told when the earliest alarm is earlier than the system's timer.
  explicit Alarms(std::function<void(MonotonicTime)> move_timer)
      : move_timer_(std::move(move_timer)) {}

  // Replaces the time set before.
  void Set(Alarm& alarm, MonotonicTime when);
  void Clear(Alarm& alarm);

  // To be called when the timer has rung: rings what is due at `now`, then moves the timer to the
  // earliest that is left.
  void TimerRang(MonotonicTime now);

  bool empty() const { return alarms_.empty(); }

 private:
  const std::function<void(MonotonicTime)> move_timer_;
  std::multimap<MonotonicTime, Alarm*> alarms_;
  std::optional<MonotonicTime> timer_at_;
};

}  // namespace zael::aws
