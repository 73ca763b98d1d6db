#include "beast_floor.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

namespace zael::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

void Check(const beast::error_code& error) {
  if (!error) return;
  std::fprintf(stderr, "beast: %s\n", error.message().c_str());
  std::_Exit(2);
}

class Connection {
 public:
  Connection(asio::io_context& io, std::uint16_t port, const std::string& body, std::size_t& left)
      : stream_(io), left_(left) {
    const asio::ip::tcp::endpoint server(asio::ip::address_v4::loopback(), port);
    stream_.socket().connect(server);
    stream_.socket().set_option(asio::ip::tcp::no_delay(true));
    request_ = {http::verb::post, "/", 11};
    request_.set(http::field::host, "127.0.0.1");
    request_.set(http::field::content_type, "application/x-amz-json-1.0");
    request_.set("X-Amz-Target", "DynamoDB_20120810.UpdateItem");
    request_.body() = body;
    request_.prepare_payload();
  }

  void Next() {
    if (left_ == 0) return;
    --left_;
    stream_.expires_after(std::chrono::seconds(30));
    http::async_write(stream_, request_, [this](const beast::error_code& error, std::size_t) {
      Check(error);
      Read();
    });
  }

 private:
  void Read() {
    response_ = {};
    http::async_read(stream_, buffer_, response_,
                     [this](const beast::error_code& error, std::size_t) {
                       Check(error);
                       Next();
                     });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
  std::size_t& left_;
};

}  // namespace

void SendThroughBeast(std::uint16_t port, const std::string& body, std::size_t in_flight,
                      std::size_t requests) {
  asio::io_context io(1);
  std::vector<std::unique_ptr<Connection>> connections;
  for (std::size_t i = 0; i < in_flight; ++i) {
    connections.push_back(std::make_unique<Connection>(io, port, body, requests));
    connections.back()->Next();
  }
  io.run();
}

}  // namespace zael::bench
