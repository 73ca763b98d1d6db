#include "aws/http_transport_message.h"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <utility>

#include "base/format.h"
#include "base/text.h"

namespace zael::aws {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t kReadBytes = 16 * 1024;
constexpr unsigned kFirstFinalStatus = 200;  // below: interim answers, the real one follows

bool HasLineBreak(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(),
                                       [](char c) { return c <= ' ' || c >= 0x7f || c == ':'; });
}

}  // namespace

Status CheckRequest(const HttpRequest& request) {
  const auto refuse = [](std::string_view what, std::string_view name) {
    return Error(ErrorCode::kInvalidArgument, Format("send request: {} {}", what, Shorten(name)));
  };
  if (!IsToken(request.method)) return refuse("not a method:", request.method);
  if (request.target.empty() || HasLineBreak(request.target) ||
      request.target.find(' ') != std::string::npos) {
    return refuse("not a target:", request.target);
  }
  for (const auto& [name, value] : request.headers) {
    if (!IsToken(name)) return refuse("not a header name:", name);
    // The value may be a secret: only its name is told.
    if (HasLineBreak(value)) return refuse("a line break in header", name);
  }
  return {};
}

void AppendRequestHead(const HttpRequest& request, std::string* out) {
  out->append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  for (const auto& [name, value] : request.headers) {
    out->append(name).append(": ").append(value).append("\r\n");
  }
  out->append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n\r\n");
}

AnswerReader::AnswerReader(const AnswerLimits& limits)
    : limits_(limits), buffer_(limits.header_bytes + kReadBytes) {}

void AnswerReader::Begin(bool answers_head) {
  answers_head_ = answers_head;
  began_ = false;
  keeps_alive_ = false;
  Renew();
}

void AnswerReader::Renew() {
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(static_cast<std::uint32_t>(
      std::min<std::size_t>(limits_.header_bytes, std::numeric_limits<std::uint32_t>::max())));
  parser_->body_limit(limits_.body_bytes);
  parser_->skip(answers_head_);
}

boost::asio::mutable_buffer AnswerReader::Room() {
  // While a header is incomplete its beginning stays in the buffer; beyond its limit the parser has
  // refused it before there is no room.
  return buffer_.prepare(std::min(kReadBytes, buffer_.max_size() - buffer_.size()));
}

Result<bool> AnswerReader::Add(std::size_t bytes) {
  buffer_.commit(bytes);
  if (!parser_) return false;  // nothing was asked
  began_ = true;
  for (;;) {
    Result<bool> complete = Parse();
    if (!complete.ok() || !*complete || parser_->get().result_int() >= kFirstFinalStatus) {
      return complete;
    }
    Renew();
    if (buffer_.size() == 0) return false;
  }
}

Result<bool> AnswerReader::Parse() {
  boost::system::error_code error;
  while (buffer_.size() > 0 && !parser_->is_done()) {
    const std::size_t used = parser_->put(buffer_.data(), error);
    buffer_.consume(used);
    if (error == http::error::need_more) return false;
    if (error) return Explain(error);
  }
  if (!parser_->is_done()) return false;
  keeps_alive_ = parser_->keep_alive();
  return true;
}

Error AnswerReader::Explain(const boost::system::error_code& error) const {
  if (error == http::error::body_limit) {
    return Error(ErrorCode::kUnavailable,
                 Format("the answer is larger than {} bytes", limits_.body_bytes));
  }
  if (error == http::error::header_limit) {
    return Error(ErrorCode::kUnavailable,
                 Format("the answer's header is larger than {} bytes", limits_.header_bytes));
  }
  return Error(ErrorCode::kUnavailable, Format("the answer is not HTTP: {}", error.message()));
}

bool AnswerReader::Close() {
  if (!parser_ || !parser_->got_some()) return false;
  boost::system::error_code error;
  parser_->put_eof(error);
  keeps_alive_ = false;
  return !error && parser_->is_done() && parser_->get().result_int() >= kFirstFinalStatus;
}

HttpResponse AnswerReader::Take() {
  auto message = parser_->release();
  parser_.reset();
  HttpResponse response;
  response.status = message.result_int();
  for (const auto& field : message) {
    response.headers.emplace_back(field.name_string(), field.value());
  }
  response.body = std::move(message.body());
  return response;
}

}  // namespace zael::aws
