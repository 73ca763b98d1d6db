// The bytes of HTTP/1.1: a request as it goes on the wire, an answer read piece by piece.
#pragma once

#include <zael/result.h>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string>

#include "aws/transport.h"

namespace zael::aws {

// kInvalidArgument when it would not be one request: a line break in a header, a blank in the
// target.
Status CheckRequest(const HttpRequest& request);

// The request line and headers, Content-Length among them, and the empty line.
void AppendRequestHead(const HttpRequest& request, std::string* out);

struct AnswerLimits {
  std::size_t header_bytes;
  std::size_t body_bytes;
};

// Thread-compatible.
class AnswerReader {
 public:
  explicit AnswerReader(const AnswerLimits& limits);

  // Before each answer. Requires: the one before is finished and nothing of it is left.
  void Begin(bool answers_head);

  // Where the next bytes go; then how many came.
  boost::asio::mutable_buffer Room();
  // True: the answer is complete. Errors: kUnavailable, saying what is wrong with it.
  Result<bool> Add(std::size_t bytes);
  // The server closed: true when that ends the answer properly.
  bool Close();

  // Whether any byte of an answer has come.
  bool began() const { return began_; }
  // Whether bytes came that belong to no answer.
  bool has_leftover() const { return buffer_.size() > 0; }
  bool keeps_alive() const { return keeps_alive_; }
  // Requires: complete.
  HttpResponse Take();

 private:
  using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

  void Renew();
  Result<bool> Parse();
  Error Explain(const boost::system::error_code& error) const;

  const AnswerLimits limits_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  bool answers_head_ = false;
  bool began_ = false;
  bool keeps_alive_ = false;
};

}  // namespace zael::aws
