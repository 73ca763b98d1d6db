// LoopbackServer: a server in the test that does to each connection exactly what a script says.
//
// One thread per connection and blocking calls, so that a script reads from top to bottom. With a
// TlsIdentity it speaks TLS. Its end cuts every connection that is left and waits for the scripts.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "base/mutex.h"
#include "tls_identity.h"

namespace zael::aws {

// One accepted connection, seen by its script. After its script it is closed.
class Peer {
 public:
  Peer(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);

  // The next request, head and body; empty when the client has closed or reset.
  std::string ReadRequest();
  // Until the client closes; how many bytes came.
  std::size_t ReadToEnd();
  void Write(const std::string& bytes);
  void Answer(const std::string& body);  // 200, the connection kept
  void CloseWriting();
  void ResetAtEnd();          // the script's end then looks like a crashed server's
  std::string server_name();  // that TLS asked for

 private:
  friend class LoopbackServer;
  std::size_t ReadSome(char* to, std::size_t room);
  bool Handshake();
  void Cut();  // from any thread

  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
  std::string unread_;
};

class LoopbackServer {
 public:
  // `number`: of the connection, from 0.
  using Script = std::function<void(Peer& peer, int number)>;

  explicit LoopbackServer(Script script, const TlsIdentity* identity = nullptr);
  ~LoopbackServer();

  std::uint16_t port() const { return port_; }
  int accepted() const { return accepted_; }

 private:
  void Accept();
  void Serve(Peer& peer, int number);

  const Script script_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_};
  std::unique_ptr<boost::asio::ssl::context> tls_;
  std::uint16_t port_ = 0;
  std::atomic<int> accepted_{0};
  Mutex mutex_;
  bool closing_ ZAEL_GUARDED_BY(mutex_) = false;
  std::list<std::unique_ptr<Peer>> peers_ ZAEL_GUARDED_BY(mutex_);
  std::list<std::thread> threads_;  // of the accepting thread
  std::thread acceptor_thread_;
};

}  // namespace zael::aws
