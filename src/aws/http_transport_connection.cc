#include "aws/http_transport_connection.h"

#include <boost/asio/error.hpp>
#include <utility>

#include "base/format.h"

namespace zael::aws {
namespace {

constexpr std::size_t kKeptOutBytes = 64 * 1024;  // a larger request gives its memory back

}  // namespace

Connection::Connection(const ConnectionSettings& settings, const Endpoint& endpoint,
                       ConnectionOwner& owner)
    : settings_(settings), endpoint_(endpoint), owner_(&owner), reader_(settings.limits) {
  settings_.open.fetch_add(1, std::memory_order_relaxed);
}

std::string Connection::PeerText() const { return Format("{}:{}", endpoint_.host, endpoint_.port); }

void Connection::Open() {
  settings_.loop.alarms().Set(*this, settings_.loop.Now() + settings_.connect);
  StartOpen();
}

void Connection::OnOpened(const char* step, const ErrorCodeOfSystem& error) {
  if (closed()) return;
  if (error) {
    Close();
    return owner_->OpenFailed(*this, Error(ErrorCode::kUnavailable,
                                           Format("{} {}: {}", step, PeerText(), error.message())));
  }
  state_ = State::kFree;
  free_since_ = settings_.loop.Now();
  settings_.loop.alarms().Set(*this, free_since_ + settings_.idle);
  ReadOn();
  owner_->Opened(*this);
}

void Connection::Ring() {
  if (state_ == State::kOpening) {
    Close();
    return owner_->OpenFailed(
        *this, Error(ErrorCode::kUnavailable,
                     Format("connect to {}: no connection within {} ms", PeerText(),
                            std::chrono::duration_cast<Milliseconds>(settings_.connect).count())));
  }
  // Not moved with every request: looked at when it rings.
  const MonotonicTime now = settings_.loop.Now();
  if (state_ == State::kBusy) {
    return settings_.loop.alarms().Set(*this, now + settings_.idle);
  }
  if (free_since_ + settings_.idle > now) {
    return settings_.loop.alarms().Set(*this, free_since_ + settings_.idle);
  }
  Close();
  owner_->Closed(*this);
}

void Connection::Carry(std::unique_ptr<Exchange> exchange) {
  state_ = State::kBusy;
  exchange_ = std::move(exchange);
  exchange_->set_holder(this);
  const HttpRequest& request = exchange_->request();
  reader_.Begin(request.method == "HEAD");
  out_.clear();
  AppendRequestHead(request, &out_);
  out_.append(request.body);
  writing_ = true;
  StartWrite(out_);
}

void Connection::OnWritten(const ErrorCodeOfSystem& error, std::size_t bytes) {
  if (closed()) return;
  writing_ = false;
  if (out_.capacity() > kKeptOutBytes) std::string().swap(out_);
  // After some bytes the read tells: the server may have answered before it closed. What TLS has
  // sent of a record is not known.
  if (!error || bytes > 0 || endpoint_.tls) return;
  if (!reused_) {
    return FailExchange(
        Error(ErrorCode::kUnavailable, Format("write to {}: {}", PeerText(), error.message())),
        false);
  }
  std::unique_ptr<Exchange> exchange = ReleaseExchange();
  Close();
  owner_->Returned(*this, std::move(exchange));
}

void Connection::ReadOn() { StartRead(reader_.Room()); }

void Connection::OnRead(const ErrorCodeOfSystem& error, std::size_t bytes) {
  if (closed()) return;
  if (error) {
    if (state_ == State::kBusy && error == boost::asio::error::eof && reader_.Close()) {
      return AnswerComplete();
    }
    return Lost(error.message());
  }
  if (state_ == State::kFree) return Lost("it spoke unasked");
  const Result<bool> complete = reader_.Add(bytes);
  if (!complete.ok()) return Lost(complete.error().message());
  if (*complete) return AnswerComplete();
  ReadOn();
}

void Connection::AnswerComplete() {
  const std::shared_ptr<Connection> self = shared_from_this();
  const std::unique_ptr<Exchange> exchange = ReleaseExchange();
  HttpResponse response = reader_.Take();
  // An answer to half a request leaves the other half in the way.
  const bool reusable = reader_.keeps_alive() && !reader_.has_leftover() && !writing_;
  if (reusable) {
    state_ = State::kFree;
    free_since_ = settings_.loop.Now();
    ReadOn();
  } else {
    Close();
  }
  // First the connection's next request, then what this one's caller makes of the answer.
  if (reusable) {
    reused_ = true;
    owner_->Freed(*this);
  } else {
    owner_->Closed(*this);
  }
  exchange->Finish(std::move(response));
}

void Connection::DeadlinePassed(Exchange& /*exchange*/) {
  FailExchange(Error(ErrorCode::kDeadlineExceeded,
                     Format("send request to {}: no answer by the deadline", PeerText())),
               true);
}

void Connection::Lost(std::string_view cause) {
  if (state_ == State::kBusy) {
    return FailExchange(
        Error(ErrorCode::kUnavailable, Format("read answer of {}: {}", PeerText(), cause)), true);
  }
  Close();
  owner_->Closed(*this);
}

void Connection::FailExchange(Error error, bool may_have_arrived) {
  const std::shared_ptr<Connection> self = shared_from_this();
  const std::unique_ptr<Exchange> exchange = ReleaseExchange();
  Close();
  owner_->Closed(*this);
  exchange->Finish(TransportFailure{std::move(error), may_have_arrived});
}

void Connection::Abandon(const char* why) {
  const std::unique_ptr<Exchange> exchange = exchange_ ? ReleaseExchange() : nullptr;
  if (!closed()) Close();
  if (!exchange) return;
  exchange->Finish(TransportFailure{
      Error(ErrorCode::kUnavailable, Format("send request to {}: {}", PeerText(), why)), true});
}

std::unique_ptr<Exchange> Connection::ReleaseExchange() {
  settings_.loop.alarms().Clear(*exchange_);
  return std::move(exchange_);
}

void Connection::Close() {
  state_ = State::kClosed;
  settings_.loop.alarms().Clear(*this);
  settings_.open.fetch_sub(1, std::memory_order_relaxed);
  CloseSocket();
}

}  // namespace zael::aws
