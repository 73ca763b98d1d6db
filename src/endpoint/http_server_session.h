// Session: one connection of the HTTP server, from its first byte to its close.
//
// Lives on the server's I/O thread; only the handler runs elsewhere. A request is read whole (the
// clock starts with its first byte), handed over, answered; then the next. Not a public header:
// http_server.h is.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "endpoint/http_server.h"
#include "endpoint/worker_pool.h"

namespace zael::endpoint {

class Session;

// What all sessions of a server share. Sets and counts belong to the I/O thread.
struct SessionScope {
  const HttpLimits& limits;
  const HttpHandlers& handlers;
  boost::asio::io_context& io;
  WorkerPool& workers;
  std::function<void(const std::shared_ptr<Session>&)> ended;
  std::size_t body_bytes = 0;  // reserved by requests under way
  bool stopping = false;       // after the answer under way a session closes
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket socket, SessionScope& scope);

  void Start() { AwaitRequest(); }
  void CloseIfIdle();  // leaves a request under way alone
  void Cut();          // closes whatever happens

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  void AwaitRequest();
  void ReadHeader();
  void OnHeader();
  void SendContinue();
  void ReadBody();
  void OnRequest();
  void OnReadError(boost::beast::error_code error);
  void Refuse(HttpProblem problem);
  void Answer(HttpResponse response, bool keep_alive);
  void OnAnswered(bool keep_alive);
  void DrainAndClose();  // so that a client still sending gets to read the answer
  void Drain();
  bool ReserveBody();
  void ReleaseBody();

  SessionScope& scope_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::optional<Response> response_;
  std::optional<boost::beast::http::response<boost::beast::http::empty_body>> continue_;
  std::size_t reserved_ = 0;
  std::size_t drained_ = 0;
  bool idle_ = true;
  bool closed_ = false;
};

// The request in our own types.
HttpRequest TakeRequest(boost::beast::http::request<boost::beast::http::string_body>&& message);

}  // namespace zael::endpoint
