#include "aws/credentials.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/format.h"

namespace zael::aws {
namespace {

// Goes into a header as it is.
bool IsSendable(const std::string& value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

Status CheckCredentials(const Credentials& credentials, const std::string& source) {
  const auto fail = [&source](const char* member, const char* what) {
    return Error(ErrorCode::kInvalidArgument, Format("read {}: the {} {}", source, member, what));
  };
  const std::array<std::pair<const char*, const std::string*>, 3> members = {{
      {"access key id", &credentials.access_key_id},
      {"secret access key", &credentials.secret_access_key},
      {"session token", &credentials.session_token},
  }};
  for (const auto& [name, value] : members) {
    if (value->empty() && value != &credentials.session_token) return fail(name, "is missing");
    if (!IsSendable(*value)) return fail(name, "holds a blank or another forbidden character");
  }
  return {};
}

}  // namespace zael::aws
