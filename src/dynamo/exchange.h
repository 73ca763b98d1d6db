// Exchange: one operation of a store without the wire: the call to send, and what its answers make
// of the result.
//
// The cycle (request_cycle.h) sends, repeats and gives up; an exchange only understands. It hears
// of each answer once and knows no time.
#pragma once

#include <zael/result.h>

#include <string>

#include "dynamo/call.h"
#include "dynamo/service_error.h"

namespace zael::dynamo {

enum class Reading {
  kDone,        // the result is known
  kMore,        // something came, the rest is in call() now
  kNothing,     // the server left all of it for later: throttled
  kUnreadable,  // as if the answer had got lost
};

// Thread-compatible.
class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const Call& call() const = 0;
  // The body of an answer with status 200.
  virtual Reading Read(std::string body) = 0;
  // Whether the refusal is a result (a lost condition) rather than a failure.
  virtual bool ReadRefusal(const ServiceError& refusal) = 0;
  // The end without a result.
  virtual void Fail(Error error) = 0;
};

}  // namespace zael::dynamo
