// The two kinds of Connection: plain TCP and TLS over it.
#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "aws/http_transport_connection.h"

namespace zael::aws {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;
// The loop's own executor type: one that stands for any executor costs an indirection per step.
using Socket = net::basic_stream_socket<tcp, IoLoop::Executor>;
using Resolver = net::ip::basic_resolver<tcp, IoLoop::Executor>;

// Finding the name and connecting, which both kinds begin with.
class TcpConnection : public Connection {
 protected:
  TcpConnection(const ConnectionSettings& settings, const Endpoint& endpoint,
                ConnectionOwner& owner)
      : Connection(settings, endpoint, owner), resolver_(settings.loop.executor()) {}

  virtual Socket& socket() = 0;
  virtual void Connected() = 0;

  void StartOpen() final {
    error_code not_an_address;
    const auto address = net::ip::make_address(endpoint().host, not_an_address);
    if (!not_an_address) {
      const tcp::endpoint to(address, endpoint().port);
      socket().async_connect(
          to, [self = Self(), this](const error_code& error) { OnConnected(error); });
      return;
    }
    resolver_.async_resolve(
        endpoint().host, std::to_string(endpoint().port), tcp::resolver::numeric_service,
        [self = Self(), this](const error_code& error, const Resolver::results_type& found) {
          if (closed()) return;
          if (error) return OnOpened("find", error);
          net::async_connect(socket(), found,
                             [self, this](const error_code& failed, const tcp::endpoint&) {
                               OnConnected(failed);
                             });
        });
  }

  void CloseSocket() override {
    error_code ignored;
    resolver_.cancel();
    socket().close(ignored);
  }

  std::shared_ptr<Connection> Self() { return shared_from_this(); }

 private:
  void OnConnected(const error_code& error) {
    if (closed()) return;
    if (error) return OnOpened("connect to", error);
    error_code ignored;
    socket().set_option(tcp::no_delay(true), ignored);
    socket().non_blocking(true, ignored);
    Connected();
  }

  Resolver resolver_;
};

class PlainConnection final : public TcpConnection {
 public:
  PlainConnection(const ConnectionSettings& settings, const Endpoint& endpoint,
                  ConnectionOwner& owner)
      : TcpConnection(settings, endpoint, owner), socket_(settings.loop.executor()) {}

 private:
  Socket& socket() override { return socket_; }
  void Connected() override { OnOpened("connect to", {}); }

  void StartRead(net::mutable_buffer room) override {
    socket_.async_read_some(room,
                            [self = Self(), this](const error_code& error, std::size_t bytes) {
                              OnRead(error, bytes);
                            });
  }

  // Nearly every request fits into the socket at once, and then nothing is left to wait for. What
  // fails is told later, never from within.
  void StartWrite(std::string_view bytes) override {
    error_code error;
    const std::size_t sent = socket_.write_some(net::buffer(bytes), error);
    if (!error && sent == bytes.size()) return OnWritten(error, sent);
    const std::string_view rest = bytes.substr(error ? 0 : sent);
    net::async_write(
        socket_, net::buffer(rest),
        [self = Self(), this, before = bytes.size() - rest.size()](
            const error_code& failed, std::size_t more) { OnWritten(failed, before + more); });
  }

  Socket socket_;
};

class TlsConnection final : public TcpConnection {
 public:
  TlsConnection(const ConnectionSettings& settings, const Endpoint& endpoint,
                ConnectionOwner& owner)
      : TcpConnection(settings, endpoint, owner), stream_(settings.loop.executor(), settings.tls) {}

 private:
  Socket& socket() override { return stream_.next_layer(); }

  void Connected() override {
    error_code error;
    stream_.set_verify_callback(net::ssl::host_name_verification(endpoint().host), error);
    net::ip::make_address(endpoint().host, error);
    // The server's name is told only where it is a name.
    if (error) SSL_set_tlsext_host_name(stream_.native_handle(), endpoint().host.c_str());
    stream_.async_handshake(net::ssl::stream_base::client,
                            [self = Self(), this](const error_code& failed) {
                              OnOpened("TLS handshake with", failed);
                            });
  }

  void StartRead(net::mutable_buffer room) override {
    stream_.async_read_some(room,
                            [self = Self(), this](const error_code& error, std::size_t bytes) {
                              OnRead(error, bytes);
                            });
  }

  void StartWrite(std::string_view bytes) override {
    net::async_write(stream_, net::buffer(bytes),
                     [self = Self(), this](const error_code& error, std::size_t sent) {
                       OnWritten(error, sent);
                     });
  }

  net::ssl::stream<Socket> stream_;
};

}  // namespace

std::shared_ptr<Connection> Connection::Make(const ConnectionSettings& settings,
                                             const Endpoint& endpoint, ConnectionOwner& owner) {
  if (endpoint.tls) return std::make_shared<TlsConnection>(settings, endpoint, owner);
  return std::make_shared<PlainConnection>(settings, endpoint, owner);
}

}  // namespace zael::aws
