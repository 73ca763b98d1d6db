#include "aws/http_transport_alarms.h"

namespace zael::aws {

void Alarms::Set(Alarm& alarm, MonotonicTime when) {
  Clear(alarm);
  alarm.place_ = alarms_.emplace(when, &alarm);
  if (timer_at_ && *timer_at_ <= when) return;
  timer_at_ = when;
  move_timer_(when);
}

void Alarms::Clear(Alarm& alarm) {
  if (!alarm.place_) return;
  alarms_.erase(*alarm.place_);
  alarm.place_.reset();
}

void Alarms::TimerRang(MonotonicTime now) {
  // What is set meanwhile must not move the timer: that happens once, below.
  timer_at_ = now;
  while (!alarms_.empty() && alarms_.begin()->first <= now) {
    Alarm& alarm = *alarms_.begin()->second;
    Clear(alarm);
    alarm.Ring();
  }
  timer_at_.reset();
  if (alarms_.empty()) return;
  timer_at_ = alarms_.begin()->first;
  move_timer_(*timer_at_);
}

}  // namespace zael::aws
