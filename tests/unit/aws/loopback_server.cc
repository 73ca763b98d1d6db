#include "loopback_server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace zael::aws {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

Peer::Peer(tcp::socket socket, net::ssl::context* tls) : socket_(std::move(socket)) {
  if (tls != nullptr) tls_ = std::make_unique<net::ssl::stream<tcp::socket&>>(socket_, *tls);
}

bool Peer::Handshake() {
  error_code error;
  if (tls_) tls_->handshake(net::ssl::stream_base::server, error);
  return !error;
}

std::size_t Peer::ReadSome(char* to, std::size_t room) {
  error_code error;
  const auto buffer = net::buffer(to, room);
  return tls_ ? tls_->read_some(buffer, error) : socket_.read_some(buffer, error);
}

std::string Peer::ReadRequest() {
  std::string chunk(64 * 1024, '\0');
  for (;;) {
    const std::size_t head = unread_.find("\r\n\r\n");
    if (head != std::string::npos) {
      const std::string name = "Content-Length: ";
      const std::size_t length = unread_.find(name);
      const std::size_t body =
          length < head ? std::stoul(unread_.substr(length + name.size(), 20)) : 0;
      if (unread_.size() >= head + 4 + body) {
        std::string request = unread_.substr(0, head + 4 + body);
        unread_.erase(0, request.size());
        return request;
      }
    }
    const std::size_t got = ReadSome(chunk.data(), chunk.size());
    if (got == 0) return "";
    unread_.append(chunk, 0, got);
  }
}

std::size_t Peer::ReadToEnd() {
  std::string chunk(64 * 1024, '\0');
  std::size_t all = unread_.size();
  unread_.clear();
  while (const std::size_t got = ReadSome(chunk.data(), chunk.size())) all += got;
  return all;
}

void Peer::Write(const std::string& bytes) {
  error_code ignored;  // the client may have gone
  if (tls_) {
    net::write(*tls_, net::buffer(bytes), ignored);
  } else {
    net::write(socket_, net::buffer(bytes), ignored);
  }
}

void Peer::Answer(const std::string& body) {
  Write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

void Peer::CloseWriting() {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void Peer::ResetAtEnd() {
  error_code ignored;
  socket_.set_option(net::socket_base::linger(true, 0), ignored);
}

std::string Peer::server_name() {
  const char* name = SSL_get_servername(tls_->native_handle(), TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? "" : name;
}

void Peer::Cut() { ::shutdown(socket_.native_handle(), SHUT_RDWR); }

LoopbackServer::LoopbackServer(Script script, const TlsIdentity* identity)
    : script_(std::move(script)) {
  if (identity != nullptr) {
    tls_ = std::make_unique<net::ssl::context>(net::ssl::context::tls_server);
    tls_->use_certificate(net::buffer(identity->certificate_pem), net::ssl::context::pem);
    tls_->use_private_key(net::buffer(identity->key_pem), net::ssl::context::pem);
  }
  const tcp::endpoint any(net::ip::address_v4::loopback(), 0);
  acceptor_.open(any.protocol());
  acceptor_.bind(any);
  acceptor_.listen();
  port_ = acceptor_.local_endpoint().port();
  acceptor_thread_ = std::thread([this] { Accept(); });
}

LoopbackServer::~LoopbackServer() {
  {
    const MutexLock lock(mutex_);
    closing_ = true;
    for (const auto& peer : peers_) peer->Cut();
  }
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  acceptor_thread_.join();
  for (std::thread& thread : threads_) thread.join();
}

void LoopbackServer::Accept() {
  for (;;) {
    error_code error;
    tcp::socket socket(io_);
    acceptor_.accept(socket, error);
    const MutexLock lock(mutex_);
    if (closing_) return;
    if (error) continue;
    peers_.push_back(std::make_unique<Peer>(std::move(socket), tls_.get()));
    threads_.emplace_back(
        [this, peer = peers_.back().get(), number = accepted_++] { Serve(*peer, number); });
  }
}

void LoopbackServer::Serve(Peer& peer, int number) {
  if (peer.Handshake()) script_(peer, number);
  const MutexLock lock(mutex_);
  peers_.remove_if([&peer](const auto& other) { return other.get() == &peer; });
}

}  // namespace zael::aws
