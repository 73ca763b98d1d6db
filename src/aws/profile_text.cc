#include "aws/profile_text.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "aws/ascii.h"
#include "base/format.h"
#include "base/try.h"

namespace zael::aws {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool BeginsComment(char c) { return c == '#' || c == ';'; }
bool IsForbidden(char c) { return IsControl(c) && c != '\t'; }

// Up to a comment that follows a blank, without the blanks around what is left.
std::string_view WithoutComment(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (BeginsComment(text[i]) && IsBlank(text[i - 1])) return Trim(text.substr(0, i));
  }
  return Trim(text);
}

std::string_view WithoutQuotes(std::string_view name) {
  const bool quoted = name.size() >= 2 && (name.front() == '"' || name.front() == '\'') &&
                      name.front() == name.back();
  return quoted ? name.substr(1, name.size() - 2) : name;
}

// What stands behind `word` and a blank; nothing when `heading` does not begin so.
std::optional<std::string_view> NameAfter(std::string_view word, std::string_view heading) {
  if (heading.size() <= word.size() || heading.substr(0, word.size()) != word ||
      !IsBlank(heading[word.size()])) {
    return std::nullopt;
  }
  return WithoutQuotes(Trim(heading.substr(word.size())));
}

class Reader {
 public:
  Reader(ProfileFileKind kind, const std::string& file) : kind_(kind), file_(file) {}

  Status ReadLine(std::string_view line) {
    ++line_;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (std::any_of(line.begin(), line.end(), IsForbidden)) {
      return Fail("there is a control character");
    }
    const std::string_view content = Trim(line);
    if (content.empty() || BeginsComment(content.front())) return {};
    if (IsBlank(line.front())) return ReadIndented(line);
    return line.front() == '[' ? ReadHeading(line) : ReadSetting(line);
  }

  ProfileText Take() { return std::move(text_); }

 private:
  Error Fail(const char* cause) const {
    return Error(ErrorCode::kInvalidArgument, Format("read {}: line {}: {}", file_, line_, cause));
  }

  Status ReadHeading(std::string_view line) {
    const std::size_t end = line.find(']');
    if (end == std::string_view::npos) return Fail("the section's heading has no ]");
    const std::string_view rest = Trim(line.substr(end + 1));
    if (!rest.empty() && !BeginsComment(rest.front())) {
      return Fail("only a comment may follow the ] of a heading");
    }
    const std::string_view heading = Trim(line.substr(1, end - 1));
    if (heading.empty()) return Fail("the section has no name");
    section_ = SectionOf(heading);
    setting_ = nullptr;
    return {};
  }

  ProfileSection* SectionOf(std::string_view heading) {
    if (kind_ == ProfileFileKind::kCredentials || heading == "default") {
      return &text_.profiles[std::string(heading)];
    }
    if (const auto profile = NameAfter("profile", heading)) {
      return &text_.profiles[std::string(*profile)];
    }
    if (const auto services = NameAfter("services", heading)) {
      return &text_.services[std::string(*services)];
    }
    skipped_.clear();
    return &skipped_;
  }

  Status ReadSetting(std::string_view line) {
    if (section_ == nullptr) return Fail("a setting stands before the first section");
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return Fail("there is no = between a key and a value");
    const std::string_view key = Trim(line.substr(0, equals));
    if (key.empty()) return Fail("there is no key before the =");
    setting_ = &(*section_)[ToLower(key)];
    *setting_ = {std::string(WithoutComment(line.substr(equals + 1))), {}, line_};
    return {};
  }

  Status ReadIndented(std::string_view line) {
    if (setting_ == nullptr) return Fail("an indented line continues a setting, and there is none");
    const std::string_view content = WithoutComment(line);
    if (!setting_->value.empty()) {
      setting_->value.append("\n").append(content);
      return {};
    }
    const std::size_t equals = content.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return Fail("an indented line under an empty value is no key = value");
    }
    setting_->nested[ToLower(Trim(content.substr(0, equals)))] =
        std::string(Trim(content.substr(equals + 1)));
    return {};
  }

  const ProfileFileKind kind_;
  const std::string& file_;
  int line_ = 0;
  ProfileText text_;
  ProfileSection skipped_;             // of other programs
  ProfileSection* section_ = nullptr;  // into text_ or skipped_; nodes of a map do not move
  ProfileSetting* setting_ = nullptr;  // the one that an indented line continues
};

}  // namespace

Result<ProfileText> ParseProfileText(std::string_view text, ProfileFileKind kind,
                                     const std::string& file) {
  if (text.size() > kMaxProfileFileBytes) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("read {}: is larger than {} bytes", file, kMaxProfileFileBytes));
  }
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  Reader reader(kind, file);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ZAEL_TRY(reader.ReadLine(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.Take();
}

}  // namespace zael::aws
