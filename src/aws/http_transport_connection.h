// Connection: one kept connection to an endpoint and the request it carries, if any.
//
// A read is always outstanding once it is open: between requests it notices that the server has
// closed. The two kinds, plain and TLS, differ in how they open, read and write
// (http_transport_stream.cc); what a byte means is decided here.
#pragma once

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <string>

#include "aws/http_transport_alarms.h"
#include "aws/http_transport_exchange.h"
#include "aws/http_transport_loop.h"
#include "aws/http_transport_message.h"

namespace boost::asio::ssl {
class context;
}

namespace zael::aws {

class Connection;

// Told what becomes of its connections, each by its last call from within the connection.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;

  virtual void Opened(Connection& connection) = 0;  // free for its first request
  virtual void Freed(Connection& connection) = 0;   // free again
  // It is gone and was idle, or its request has been told already.
  virtual void Closed(Connection& connection) = 0;
  virtual void OpenFailed(Connection& connection, const Error& error) = 0;
  // A kept one that was gone before a byte of the request left: send it elsewhere.
  virtual void Returned(Connection& connection, std::unique_ptr<Exchange> exchange) = 0;
};

struct ConnectionSettings {
  IoLoop& loop;
  boost::asio::ssl::context& tls;
  AnswerLimits limits;
  std::chrono::nanoseconds connect;
  std::chrono::nanoseconds idle;
  std::atomic<std::size_t>& open;  // counts them, of all endpoints
};

// Thread-compatible: on the loop's thread. Shared with the operations that are outstanding.
class Connection : public std::enable_shared_from_this<Connection>,
                   public Alarm,
                   public ExchangeHolder {
 public:
  static std::shared_ptr<Connection> Make(const ConnectionSettings& settings,
                                          const Endpoint& endpoint, ConnectionOwner& owner);
  void Open();

  // Requires: free.
  void Carry(std::unique_ptr<Exchange> exchange);

  // Fails the request under way with kUnavailable; tells the owner nothing any more.
  void Abandon(const char* why);

 protected:
  using ErrorCodeOfSystem = boost::system::error_code;

  Connection(const ConnectionSettings& settings, const Endpoint& endpoint, ConnectionOwner& owner);

  virtual void StartOpen() = 0;
  virtual void StartRead(boost::asio::mutable_buffer room) = 0;
  // Begins to write all of `bytes`, which stay where they are until OnWritten.
  virtual void StartWrite(std::string_view bytes) = 0;
  virtual void CloseSocket() = 0;

  // What the operations above end in. After a close they are ignored.
  void OnOpened(const char* step, const ErrorCodeOfSystem& error);
  void OnRead(const ErrorCodeOfSystem& error, std::size_t bytes);
  void OnWritten(const ErrorCodeOfSystem& error, std::size_t bytes);

  bool closed() const { return state_ == State::kClosed; }
  const ConnectionSettings& settings() const { return settings_; }
  const Endpoint& endpoint() const { return endpoint_; }

 private:
  enum class State { kOpening, kFree, kBusy, kClosed };

  void Ring() override;  // connecting took too long, or perhaps idle for too long
  void DeadlinePassed(Exchange& exchange) override;
  void ReadOn();
  void AnswerComplete();
  void Lost(std::string_view cause);
  void FailExchange(Error error, bool may_have_arrived);
  std::unique_ptr<Exchange> ReleaseExchange();
  void Close();
  std::string PeerText() const;

  const ConnectionSettings settings_;
  const Endpoint endpoint_;
  ConnectionOwner* owner_;
  State state_ = State::kOpening;
  AnswerReader reader_;
  std::string out_;  // the request under way, as written
  bool writing_ = false;
  bool reused_ = false;  // it has carried a request before this one
  std::unique_ptr<Exchange> exchange_;
  MonotonicTime free_since_;
};

}  // namespace zael::aws
