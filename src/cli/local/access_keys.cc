#include "cli/local/access_keys.h"

#include <algorithm>

#include "base/format.h"
#include "base/try.h"
#include "os/files.h"

namespace zael::cli {
namespace {

constexpr std::size_t kMaxFileBytes = 64 * 1024;
constexpr std::string_view kBlanks = " \t\r";

// The next word of `line`, which loses it; empty at the end.
std::string_view TakeWord(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

}  // namespace

Result<endpoint::AccessKeys> ParseAccessKeys(std::string_view text, const std::string& path) {
  endpoint::AccessKeys keys;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find('#'));
    const std::string_view id = TakeWord(line);
    const std::string_view secret = TakeWord(line);
    if (id.empty()) continue;
    if (secret.empty() || !TakeWord(line).empty()) {
      return Error(ErrorCode::kInvalidArgument,
                   Format("read keys {}: line {} is not `ID SECRET`", path, number));
    }
    keys.insert_or_assign(std::string(id), std::string(secret));
  }
  if (keys.empty()) {
    return Error(ErrorCode::kInvalidArgument, Format("read keys {}: there are none in it", path));
  }
  return keys;
}

Result<endpoint::AccessKeys> ReadAccessKeys(const std::string& path) {
  ZAEL_ASSIGN(const std::string text, os::ReadSmallFile(path, kMaxFileBytes));
  return ParseAccessKeys(text, path);
}

}  // namespace zael::cli
