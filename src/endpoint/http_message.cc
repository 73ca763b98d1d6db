#include "endpoint/http_message.h"

#include <algorithm>
#include <cctype>

namespace zael::endpoint {
namespace {

bool SameName(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  });
}

}  // namespace

const std::string* HttpRequest::Header(std::string_view name) const {
  for (const auto& [header, value] : headers) {
    if (SameName(header, name)) return &value;
  }
  return nullptr;
}

}  // namespace zael::endpoint
