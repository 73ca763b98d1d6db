#include "endpoint/http_server.h"

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "endpoint/http_server_session.h"
#include "endpoint/worker_pool.h"

namespace zael::endpoint {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

constexpr std::chrono::milliseconds kAcceptPause{50};  // after running out of files or memory

Result<tcp::endpoint> ParseAddress(const HttpServerOptions& options) {
  const std::string& host = options.host == "localhost" ? "127.0.0.1" : options.host;
  error_code error;
  const auto address = net::ip::make_address(host, error);
  if (error) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("listen on {}: not an address; 127.0.0.1 and ::1 are those of this machine",
                        Shorten(options.host)));
  }
  return tcp::endpoint(address, options.port);
}

std::string AddressText(const tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  if (endpoint.address().is_v6()) return Format("[{}]:{}", host, endpoint.port());
  return Format("{}:{}", host, endpoint.port());
}

Error ListenError(const tcp::endpoint& endpoint, error_code error) {
  const bool denied = error == net::error::access_denied;
  return {denied ? ErrorCode::kPermissionDenied : ErrorCode::kUnavailable,
          Format("listen on {}: {}", AddressText(endpoint), error.message())};
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(const HttpServerOptions& options, HttpHandlers handlers)
      : limits_(options.limits),
        handlers_(std::move(handlers)),
        acceptor_(io_),
        accept_pause_(io_),
        grace_(io_),
        workers_(options.workers, options.limits.waiting_requests),
        scope_{.limits = limits_,
               .handlers = handlers_,
               .io = io_,
               .workers = workers_,
               .ended = [this](const std::shared_ptr<Session>& session) { Forget(session); }} {}

  Status Listen(const tcp::endpoint& endpoint) {
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (!error) local_ = acceptor_.local_endpoint(error);
    if (error) return ListenError(endpoint, error);
    Accept();
    thread_ = std::thread([this] { Run(); });
    return {};
  }

  void Stop(std::chrono::milliseconds grace) {
    if (!thread_.joinable()) return;
    net::post(io_, [this, grace] { Close(grace); });
    thread_.join();
    workers_.Stop();
  }

  const tcp::endpoint& local() const { return local_; }
  std::size_t connections() const { return connections_.load(std::memory_order_relaxed); }

 private:
  // Nothing of ours throws; what a library throws (no memory) ends one callback, not the server.
  void Run() {
    for (;;) {
      try {
        io_.run();
        return;
      } catch (const std::exception&) {
        continue;
      }
    }
  }

  void Accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (scope_.stopping) return;
      if (error) return PauseAccepting();
      Admit(std::move(socket));
      Accept();
    });
  }

  void PauseAccepting() {
    accept_pause_.expires_after(kAcceptPause);
    accept_pause_.async_wait([this](error_code) {
      if (!scope_.stopping) Accept();
    });
  }

  void Admit(tcp::socket socket) {
    if (sessions_.size() >= limits_.connections) return;  // closed here
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto session = std::make_shared<Session>(std::move(socket), scope_);
    sessions_.insert(session);
    connections_.store(sessions_.size(), std::memory_order_relaxed);
    session->Start();
  }

  void Forget(const std::shared_ptr<Session>& session) {
    sessions_.erase(session);
    connections_.store(sessions_.size(), std::memory_order_relaxed);
    if (scope_.stopping && sessions_.empty()) grace_.cancel();
  }

  void Close(std::chrono::milliseconds grace) {
    scope_.stopping = true;
    error_code ignored;
    acceptor_.close(ignored);
    accept_pause_.cancel();
    const std::vector<std::shared_ptr<Session>> sessions(sessions_.begin(), sessions_.end());
    for (const auto& session : sessions) session->CloseIfIdle();
    if (sessions_.empty()) return;
    grace_.expires_after(grace);
    // Also keeps io_ running while the last handlers work.
    grace_.async_wait([this](error_code) {
      const std::vector<std::shared_ptr<Session>> rest(sessions_.begin(), sessions_.end());
      for (const auto& session : rest) session->Cut();
    });
  }

  const HttpLimits limits_;
  const HttpHandlers handlers_;
  net::io_context io_{1};
  tcp::acceptor acceptor_;
  net::steady_timer accept_pause_;
  net::steady_timer grace_;
  tcp::endpoint local_;
  std::unordered_set<std::shared_ptr<Session>> sessions_;
  std::atomic<std::size_t> connections_ = 0;
  WorkerPool workers_;
  SessionScope scope_;
  std::thread thread_;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { Stop(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpServerOptions& options,
                                                      HttpHandlers handlers) {
  ZAEL_ASSIGN(const tcp::endpoint endpoint, ParseAddress(options));
  auto impl = std::make_unique<Impl>(options, std::move(handlers));
  ZAEL_TRY(impl->Listen(endpoint));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::uint16_t HttpServer::port() const { return impl_->local().port(); }
std::string HttpServer::address() const { return AddressText(impl_->local()); }
std::size_t HttpServer::connections() const { return impl_->connections(); }
void HttpServer::Stop(std::chrono::milliseconds grace) { impl_->Stop(grace); }

Result<HttpRequest> ParseHttpRequest(std::string_view bytes, const HttpLimits& limits) {
  boost::beast::http::request_parser<boost::beast::http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  parser.body_limit(limits.body_bytes);
  parser.eager(true);
  error_code error;
  parser.put(net::buffer(bytes.data(), bytes.size()), error);
  if (!error && !parser.is_done()) parser.put_eof(error);
  if (error || !parser.is_done()) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("read HTTP request: {}", error ? error.message() : "it has no end"));
  }
  return TakeRequest(parser.release());
}

}  // namespace zael::endpoint
