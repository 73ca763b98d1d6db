// The texts of settings: an endpoint's URL, an expiry, a command. What is read gives the same when
// it is written out; all else is refused.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aws/endpoint_url.h"
#include "aws/expiry.h"
#include "aws/http_transport_message.h"
#include "aws/providers/command_words.h"
#include "aws/sigv4.h"
#include "base/check.h"
#include "base/time.h"

namespace {

using zael::ErrorCode;

void ReadUrl(std::string_view text) {
  const auto url = zael::aws::ParseEndpointUrl(text);
  if (!url.ok()) {
    CHECK(url.error().code() == ErrorCode::kInvalidArgument);
    return;
  }
  const std::string written = (url->endpoint.tls ? "https://" : "http://") +
                              zael::aws::HostHeader(url->endpoint) + url->path;
  const auto again = zael::aws::ParseEndpointUrl(written);
  CHECK(again.ok() && *again == *url);
  zael::aws::HttpRequest request;
  request.endpoint = url->endpoint;
  request.target = url->path + "/";
  request.headers = {{"Host", zael::aws::HostHeader(url->endpoint)}};
  CHECK(zael::aws::CheckRequest(request).ok());
}

void ReadExpiry(std::string_view text) {
  const auto time = zael::aws::ParseExpiry(text);
  if (!time.ok()) {
    CHECK(time.error().code() == ErrorCode::kInvalidArgument);
    return;
  }
  const auto again = zael::aws::ParseExpiry(zael::ToUtcText(*time));
  // An offset may lead out of the years that have a text.
  const auto first = *zael::ParseUtcText("0001-01-02T00:00:00Z");
  const auto last = *zael::ParseUtcText("9999-12-30T00:00:00Z");
  CHECK(again.ok() && (*again == *time || *time < first || *time > last));
}

void ReadCommand(std::string_view text) {
  const auto words = zael::aws::SplitCommand(text);
  if (!words.ok()) {
    CHECK(words.error().code() == ErrorCode::kInvalidArgument);
    return;
  }
  CHECK(!words->empty());
  std::string written;
  for (const std::string& word : *words) {
    written += "\"";
    for (const char c : word) {
      if (c == '"' || c == '\\') written += '\\';
      written += c;
    }
    written += "\" ";
  }
  const auto again = zael::aws::SplitCommand(written);
  CHECK(again.ok() && *again == *words);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ReadUrl(text);
  ReadExpiry(text);
  ReadCommand(text);
  return 0;
}
