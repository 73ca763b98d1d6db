// Any text of a shared AWS file is either read into settings that give the same settings again when
// written out, or refused with its file and line.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aws/profile_text.h"
#include "base/check.h"

namespace {

using zael::aws::ParseProfileText;
using zael::aws::ProfileFileKind;
using zael::aws::ProfileSections;
using zael::aws::ProfileText;

void Write(const ProfileSections& sections, std::string_view before, std::string_view after,
           std::string* out) {
  for (const auto& [name, settings] : sections) {
    out->append(before).append(name).append(after).append("\n");
    for (const auto& [key, setting] : settings) {
      // Without a blank: one before a # would begin a comment.
      out->append(key).append("=");
      for (const char c : setting.value) out->append(c == '\n' ? "\n " : std::string(1, c));
      out->append("\n");
      for (const auto& [inner, value] : setting.nested) {
        out->append(" ").append(inner).append("=").append(value).append("\n");
      }
    }
  }
}

// The same text, but for the lines that it stood in.
bool Same(ProfileText a, ProfileText b) {
  for (ProfileText* text : {&a, &b}) {
    for (ProfileSections* sections : {&text->profiles, &text->services}) {
      for (auto& section : *sections) {
        for (auto& setting : section.second) setting.second.line = 0;
      }
    }
  }
  return a.profiles == b.profiles && a.services == b.services;
}

void Check(std::string_view text, ProfileFileKind kind) {
  const auto parsed = ParseProfileText(text, kind, "FILE");
  if (!parsed.ok()) {
    CHECK(parsed.error().code() == zael::ErrorCode::kInvalidArgument);
    CHECK(parsed.error().message().rfind("read FILE: ", 0) == 0);
    return;
  }
  std::string written;
  const bool config = kind == ProfileFileKind::kConfig;
  Write(parsed->profiles, config ? "[profile \"" : "[", config ? "\"]" : "]", &written);
  Write(parsed->services, "[services \"", "\"]", &written);
  if (written.size() > zael::aws::kMaxProfileFileBytes) return;
  const auto again = ParseProfileText(written, kind, "FILE");
  CHECK(again.ok() && Same(*parsed, *again));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Check(text, ProfileFileKind::kConfig);
  Check(text, ProfileFileKind::kCredentials);
  return 0;
}
