#include <zael/decision.h>
#include <zael/lease.h>

#include <utility>

#include "limiter/lease_state.h"

namespace zael {
namespace {

// Destruction never reports: what fails here is lost with the caller.
void End(std::unique_ptr<internal::LeaseState>& state) noexcept {
  if (state == nullptr || state->ended()) return;
  try {
    if (state->IsUnwinding()) {
      internal::LeaseState::RollbackForNobody(std::move(state));
    } else {
      (void)state->Commit();
    }
  } catch (...) {  // a store brought by the caller threw
  }
  state.reset();
}

}  // namespace

Lease::Lease() = default;
Lease::Lease(std::unique_ptr<internal::LeaseState> state) : state_(std::move(state)) {}
Lease::Lease(Lease&&) noexcept = default;

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    End(state_);
    state_ = std::move(other.state_);
  }
  return *this;
}

Lease::~Lease() { End(state_); }

Result<Decision> Lease::Consume(const Amounts& amounts) {
  return state_ ? state_->Consume(amounts) : Result<Decision>(internal::LeaseState::Ended());
}

Status Lease::Adjust(const Amounts& deltas) {
  return state_ ? state_->Adjust(deltas) : Status(internal::LeaseState::Ended());
}

Status Lease::Release(const Amounts& amounts) {
  return state_ ? state_->Release(amounts) : Status(internal::LeaseState::Ended());
}

Status Lease::Commit() { return state_ ? state_->Commit() : Status(internal::LeaseState::Ended()); }

Status Lease::Rollback() {
  return state_ ? state_->Rollback() : Status(internal::LeaseState::Ended());
}

Amounts Lease::consumed() const { return state_ ? state_->consumed() : Amounts{}; }

bool Lease::degraded() const { return state_ && state_->degraded(); }

}  // namespace zael
