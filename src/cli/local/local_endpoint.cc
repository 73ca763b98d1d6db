#include "cli/local/local_endpoint.h"

#include <chrono>
#include <future>
#include <variant>

#include "aws/endpoint_url.h"
#include "aws/http_transport.h"
#include "base/try.h"
#include "engine/directory.h"

namespace zael::cli {
namespace {

constexpr std::chrono::seconds kProbeTime{2};

}  // namespace

Result<std::optional<LocalEndpoint>> FindEndpoint(const std::string& directory) {
  const auto holder = engine::FindHolder(directory);
  if (!holder.ok() && holder.error().code() == ErrorCode::kNotFound) {
    return std::optional<LocalEndpoint>();
  }
  if (!holder.ok()) return holder.error();
  if (!holder->has_value() || !(*holder)->pid.has_value() || (*holder)->address.empty()) {
    return std::optional<LocalEndpoint>();
  }
  return std::optional<LocalEndpoint>({.pid = *(*holder)->pid, .url = (*holder)->address});
}

bool Answers(const std::string& url, const std::shared_ptr<Clock>& clock) {
  const auto where = aws::ParseEndpointUrl(url);
  auto transport = aws::HttpTransport::Start({}, clock);
  if (!where.ok() || !transport.ok()) return false;
  aws::HttpRequest request;
  request.endpoint = where->endpoint;
  request.method = "GET";
  request.headers = {{"Host", where->endpoint.host}};
  std::promise<unsigned> status;
  (*transport)
      ->Send(std::move(request), clock->MonotonicNow() + kProbeTime,
             [&status](aws::HttpOutcome outcome) {
               const auto* response = std::get_if<aws::HttpResponse>(&outcome);
               status.set_value(response == nullptr ? 0 : response->status);
             });
  return status.get_future().get() == 200;
}

}  // namespace zael::cli
