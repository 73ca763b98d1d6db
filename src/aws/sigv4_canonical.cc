#include "aws/sigv4_canonical.h"

#include <algorithm>
#include <array>
#include <utility>

#include "aws/sha256.h"

namespace zael::aws {
namespace {

constexpr std::array<std::string_view, 15> kUnsignedHeaders = {
    "authorization",
    "baggage",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "te",
    "traceparent",
    "trailer",
    "tracestate",
    "proxy-authorization",
    "user-agent",
    "upgrade",
    "transfer-encoding",
    "x-amzn-trace-id",
};

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), Lower);
  return lower;
}

bool IsPlainInPath(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.~/").find(c) != std::string_view::npos;
}

void AppendPathEncoded(std::string_view text, std::string* out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    if (IsPlainInPath(c)) {
      *out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      *out += '%';
      *out += kDigits[byte >> 4];
      *out += kDigits[byte & 15];
    }
  }
}

// Empty, `.` and `..` segments are resolved; a slash at the end stays.
void AppendCanonicalPath(std::string_view path, std::string* out) {
  if (path.empty() || path == "/") {
    *out += '/';
    return;
  }
  std::vector<std::string_view> segments;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
    begin = end + 1;
  }
  for (const std::string_view segment : segments) {
    *out += '/';
    AppendPathEncoded(segment, out);
  }
  if (segments.empty() || path.back() == '/') *out += '/';
}

// Sorted by name, then by value; the encoding is the sender's.
void AppendCanonicalQuery(std::string_view query, std::string* out) {
  if (query.empty()) return;
  std::vector<std::pair<std::string_view, std::string_view>> parameters;
  for (std::size_t begin = 0; begin <= query.size();) {
    const std::size_t end = std::min(query.find('&', begin), query.size());
    const std::string_view pair = query.substr(begin, end - begin);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    parameters.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
    begin = end + 1;
  }
  std::sort(parameters.begin(), parameters.end());
  const char* separator = "";
  for (const auto& [name, value] : parameters) {
    out->append(separator).append(name).append("=").append(value);
    separator = "&";
  }
}

// Trimmed, every run of blanks as one space.
void AppendFolded(std::string_view value, std::string* out) {
  bool pending = false;
  const std::size_t start = out->size();
  for (const char c : value) {
    if (IsBlank(c)) {
      pending = out->size() > start;
      continue;
    }
    if (pending) *out += ' ';
    pending = false;
    *out += c;
  }
}

void AppendCanonicalHeader(const Headers& headers, std::string_view name, std::string* out) {
  out->append(name).append(":");
  const char* separator = "";
  for (const auto& [other, value] : headers) {
    if (!SameHeader(other, name)) continue;
    out->append(separator);
    AppendFolded(value, out);
    separator = ",";
  }
  *out += '\n';
}

}  // namespace

bool SameHeader(std::string_view left, std::string_view right) {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

const std::string* FindHeader(const Headers& headers, std::string_view name) {
  for (const auto& [other, value] : headers) {
    if (SameHeader(other, name)) return &value;
  }
  return nullptr;
}

std::vector<std::string> HeadersToSign(const Headers& headers) {
  std::vector<std::string> names;
  names.reserve(headers.size());
  for (const auto& [name, value] : headers) {
    std::string lower = LowerCase(name);
    const bool is_unsigned = std::find(kUnsignedHeaders.begin(), kUnsignedHeaders.end(), lower) !=
                             kUnsignedHeaders.end();
    if (!is_unsigned) names.push_back(std::move(lower));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string JoinSignedHeaders(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) {
    if (!joined.empty()) joined += ';';
    joined += name;
  }
  return joined;
}

std::string CanonicalRequest(const SignableRequest& request,
                             const std::vector<std::string>& signed_headers) {
  std::string text;
  text.reserve(512);
  for (const char c : request.method) text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  text += '\n';
  const std::size_t question = std::min(request.target.find('?'), request.target.size());
  AppendCanonicalPath(request.target.substr(0, question), &text);
  text += '\n';
  AppendCanonicalQuery(request.target.substr(std::min(question + 1, request.target.size())), &text);
  text += '\n';
  for (const std::string& name : signed_headers) {
    AppendCanonicalHeader(request.headers, name, &text);
  }
  text.append("\n").append(JoinSignedHeaders(signed_headers)).append("\n");
  const std::string* body_hash = FindHeader(request.headers, "x-amz-content-sha256");
  return text.append(body_hash != nullptr ? *body_hash : Hex(Sha256(request.body)));
}

std::string StringToSign(std::string_view amz_date, std::string_view scope,
                         std::string_view canonical_request) {
  std::string text;
  text.reserve(160);
  text.append("AWS4-HMAC-SHA256\n").append(amz_date).append("\n").append(scope).append("\n");
  return text.append(Hex(Sha256(canonical_request)));
}

}  // namespace zael::aws
