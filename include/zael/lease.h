// Lease: what was granted, still open to correction until it is committed or rolled back.
//
// The tokens were written to the store before the lease was handed out, so a crash loses nothing.
// Adjust books the real usage once it is known and may put a bucket into debt; Rollback returns
// everything. Design: semantics.md, section 5.
#pragma once

#include <zael/limit.h>
#include <zael/result.h>

#include <memory>

namespace zael {

class AsyncRateLimiter;
class Decision;

namespace internal {
class LeaseState;
}

// Thread-compatible. Move-only. Destroying an open lease commits it, or rolls it back while an
// exception unwinds the stack. Keeps what it needs of the limiter alive.
class Lease {
 public:
  // An ended lease.
  Lease();
  explicit Lease(std::unique_ptr<internal::LeaseState> state);
  Lease(Lease&&) noexcept;
  Lease& operator=(Lease&&) noexcept;
  ~Lease();

  // Takes more under the same rules as an acquire: granted (the amounts join this lease; the
  // decision's own lease is an ended one) or denied (nothing changes). Errors: kInvalidArgument
  // (amount < 0, unknown limit), kFailedPrecondition (ended), and the store's.
  Result<Decision> Consume(const Amounts& amounts);

  // Adds signed corrections; never denied, may create debt. All limits in one atomic write.
  // Errors: kInvalidArgument (unknown limit; more given back than the lease holds),
  // kFailedPrecondition (ended), kDeadlineExceeded (may have been booked), and the store's.
  Status Adjust(const Amounts& deltas);

  // Gives back part of what this lease holds: Adjust with the signs turned. Amounts are >= 0.
  Status Release(const Amounts& amounts);

  // Keeps what was taken and ends the lease; writes nothing.
  // Errors: kFailedPrecondition (ended).
  Status Commit();

  // Gives everything back, once, and ends the lease. After an error the lease stays open: call
  // again.
  Status Rollback();

  // The entity's own net amounts, without the parent's copies.
  Amounts consumed() const;

  // True when the store was unreachable and the limiter was told to allow: nothing was charged.
  bool degraded() const;

 private:
  friend class AsyncRateLimiter;

  std::unique_ptr<internal::LeaseState> state_;
};

}  // namespace zael
