#include "sigv4_vectors.h"

#include <gtest/gtest.h>

#include <fstream>

namespace zael::aws {
namespace {

std::string Decoded(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i];
      continue;
    }
    bytes += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
    i += 2;
  }
  return bytes;
}

Endpoint EndpointOf(bool tls, const std::string& authority) {
  Endpoint endpoint{tls, authority, static_cast<std::uint16_t>(tls ? 443 : 80)};
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string::npos && authority.find(']', colon) == std::string::npos) {
    endpoint.host = authority.substr(0, colon);
    endpoint.port = static_cast<std::uint16_t>(std::stoi(authority.substr(colon + 1)));
  }
  if (endpoint.host.front() == '[')
    endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
  return endpoint;
}

void SetField(SigningVector& vector, const std::string& field, const std::string& value) {
  HttpRequest& request = vector.request;
  if (field == "case") vector.name = value;
  if (field == "scheme") request.endpoint.tls = value == "https";
  if (field == "authority") request.endpoint = EndpointOf(request.endpoint.tls, value);
  if (field == "target") request.target = value;
  if (field == "method") request.method = value;
  if (field == "header") {
    const std::size_t colon = value.find(": ");
    request.headers.emplace_back(value.substr(0, colon), value.substr(colon + 2));
  }
  if (field == "body") request.body = value;
  if (field == "body-times") {
    const std::string once = request.body;
    for (int left = std::stoi(value); left > 1; --left) request.body += once;
  }
  if (field == "key") vector.credentials.access_key_id = value;
  if (field == "secret") vector.credentials.secret_access_key = value;
  if (field == "token") vector.credentials.session_token = value;
  if (field == "region") vector.region = value;
  if (field == "service") vector.service = value;
  if (field == "time") vector.now = WallTime(std::chrono::seconds(std::stoll(value)));
  if (field == "authorization") vector.authorization = value;
}

}  // namespace

std::vector<SigningVector> ReadSigningVectors() {
  std::ifstream table(ZAEL_SIGV4_VECTORS);
  EXPECT_TRUE(table.is_open()) << ZAEL_SIGV4_VECTORS;
  std::vector<SigningVector> vectors;
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t blank = line.find(' ');
    const std::string field = line.substr(0, blank);
    if (field == "case") vectors.emplace_back();
    SetField(vectors.back(), field, Decoded(line.substr(blank + 1)));
  }
  return vectors;
}

}  // namespace zael::aws
