#include "endpoint/http_server_session.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <exception>
#include <string>
#include <utility>

namespace zael::endpoint {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using beast::error_code;

constexpr std::size_t kFirstReadBytes = 1'024;    // what an idle connection costs in buffers
constexpr std::size_t kBufferBytes = 80 * 1'024;  // header and one chunk of the body
constexpr std::size_t kMaxDrainBytes = 32 * 1'024 * 1'024;
constexpr std::chrono::seconds kMaxDrainTime{5};

bool IsHeaderTooLarge(error_code error) {
  return error == http::error::header_limit || error == http::error::buffer_overflow;
}

bool IsMalformed(error_code error) {
  return error.category() == http::make_error_code(http::error::bad_target).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

// The handler's answer, whatever it throws.
HttpResponse RunHandler(const HttpHandlers& handlers, const HttpRequest& request) {
  try {
    return handlers.handle(request);
  } catch (const std::exception&) {
    return handlers.explain(HttpProblem::kFailed);
  }
}

}  // namespace

HttpRequest TakeRequest(http::request<http::string_body>&& message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message) {
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  request.body = std::move(message.body());
  return request;
}

Session::Session(boost::asio::ip::tcp::socket socket, SessionScope& scope)
    : scope_(scope), stream_(std::move(socket)), buffer_(kBufferBytes) {}

void Session::CloseIfIdle() {
  if (idle_) Cut();
}

void Session::Cut() {
  if (closed_) return;
  closed_ = true;
  ReleaseBody();
  error_code ignored;
  stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
  scope_.ended(shared_from_this());
}

void Session::AwaitRequest() {
  parser_.reset();
  response_.reset();
  if (buffer_.size() > 0) return ReadHeader();
  idle_ = true;
  buffer_.shrink_to_fit();
  stream_.expires_after(scope_.limits.idle);
  stream_.async_read_some(buffer_.prepare(kFirstReadBytes),
                          [self = shared_from_this()](error_code error, std::size_t bytes) {
                            if (error) return self->Cut();
                            self->buffer_.commit(bytes);
                            self->ReadHeader();
                          });
}

void Session::ReadHeader() {
  idle_ = false;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(scope_.limits.header_bytes));
  parser_->body_limit(scope_.limits.body_bytes);
  stream_.expires_after(scope_.limits.request);
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](error_code error, std::size_t) {
                            if (error) return self->OnReadError(error);
                            self->OnHeader();
                          });
}

void Session::OnHeader() {
  if (!ReserveBody()) return Refuse(HttpProblem::kOverloaded);
  if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) return SendContinue();
  ReadBody();
}

void Session::SendContinue() {
  continue_.emplace(http::status::continue_, parser_->get().version());
  http::async_write(stream_, *continue_,
                    [self = shared_from_this()](error_code error, std::size_t) {
                      self->continue_.reset();
                      if (error) return self->Cut();
                      self->ReadBody();
                    });
}

void Session::ReadBody() {
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](error_code error, std::size_t) {
                     if (error) return self->OnReadError(error);
                     self->OnRequest();
                   });
}

void Session::OnReadError(error_code error) {
  if (error == http::error::body_limit) return Refuse(HttpProblem::kBodyTooLarge);
  if (IsHeaderTooLarge(error)) return Refuse(HttpProblem::kHeaderTooLarge);
  if (IsMalformed(error)) return Refuse(HttpProblem::kMalformed);
  Cut();  // the client left, or took too long
}

void Session::OnRequest() {
  // An answer to HEAD must not carry the body that the handler gives it.
  const bool keep_alive =
      parser_->get().keep_alive() && parser_->get().method() != http::verb::head;
  auto request = std::make_shared<HttpRequest>(TakeRequest(parser_->release()));
  stream_.expires_never();  // the handler bounds itself
  const bool accepted =
      scope_.workers.Submit([self = shared_from_this(), request, keep_alive]() mutable {
        auto response = std::make_shared<HttpResponse>(RunHandler(self->scope_.handlers, *request));
        boost::asio::io_context& io = self->scope_.io;
        // The worker lets go of the session first: it ends on the I/O thread.
        boost::asio::post(io, [self = std::move(self), response, keep_alive] {
          self->Answer(std::move(*response), keep_alive);
        });
      });
  if (!accepted) Refuse(HttpProblem::kOverloaded);
}

void Session::Refuse(HttpProblem problem) {
  Answer(scope_.handlers.explain(problem), /*keep_alive=*/false);
}

void Session::Answer(HttpResponse response, bool keep_alive) {
  if (closed_) return;
  keep_alive = keep_alive && !scope_.stopping;
  response_.emplace(static_cast<http::status>(response.status), 11U);
  for (const auto& [name, value] : response.headers) response_->insert(name, value);
  response_->body() = std::move(response.body);
  response_->keep_alive(keep_alive);
  response_->prepare_payload();
  stream_.expires_after(scope_.limits.answer);
  http::async_write(stream_, *response_,
                    [self = shared_from_this(), keep_alive](error_code error, std::size_t) {
                      if (error) return self->Cut();
                      self->OnAnswered(keep_alive);
                    });
}

void Session::OnAnswered(bool keep_alive) {
  ReleaseBody();
  if (!keep_alive) return DrainAndClose();
  if (scope_.stopping) return Cut();
  AwaitRequest();
}

void Session::DrainAndClose() {
  error_code ignored;
  stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  if (scope_.stopping) return Cut();
  buffer_.clear();
  stream_.expires_after(kMaxDrainTime);
  Drain();
}

void Session::Drain() {
  stream_.async_read_some(buffer_.prepare(kBufferBytes),
                          [self = shared_from_this()](error_code error, std::size_t bytes) {
                            self->drained_ += bytes;
                            if (error || self->drained_ > kMaxDrainBytes) return self->Cut();
                            self->Drain();
                          });
}

// A chunked body may become as large as any.
bool Session::ReserveBody() {
  const auto length = parser_->content_length();
  std::size_t wanted = 0;
  if (length.has_value()) wanted = static_cast<std::size_t>(*length);
  if (parser_->chunked()) wanted = scope_.limits.body_bytes;
  if (scope_.body_bytes + wanted > scope_.limits.all_bodies_bytes) return false;
  scope_.body_bytes += wanted;
  reserved_ = wanted;
  return true;
}

void Session::ReleaseBody() {
  scope_.body_bytes -= reserved_;
  reserved_ = 0;
}

}  // namespace zael::endpoint
