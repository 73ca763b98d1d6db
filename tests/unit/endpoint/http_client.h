// HttpClient: a blocking connection for tests of the server, byte by byte where a test wants it.
#pragma once

#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace zael::endpoint {

// Thread-compatible. A read that gets nothing for ten seconds fails instead of hanging the test.
class HttpClient {
 public:
  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  explicit HttpClient(std::uint16_t port) : socket_(io_) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port}, error_);
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }

  bool connected() const { return !error_; }

  // False when the server has closed.
  bool Send(std::string_view bytes) {
    boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()), error_);
    return !error_;
  }

  // Status 0 when there is no answer to read.
  Response Read() {
    Response response;
    response.result(0U);
    boost::beast::http::read(socket_, buffer_, response, error_);
    if (error_) response.result(0U);
    return response;
  }

  Response Ask(std::string_view bytes) {
    Send(bytes);
    return Read();
  }

  // Whether the server ends the connection without another byte.
  bool ReadsEnd() {
    char byte = 0;
    socket_.read_some(boost::asio::buffer(&byte, 1), error_);
    return error_ == boost::asio::error::eof || error_ == boost::asio::error::connection_reset;
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  boost::system::error_code error_;
};

inline std::string Post(std::string_view body, std::string_view headers = "") {
  return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

}  // namespace zael::endpoint
