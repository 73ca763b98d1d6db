#include "repository/entity_checks.h"

#include <cstdint>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "limit/names.h"

namespace zael::repository {
namespace {

Error Invalid(std::string_view field, std::string_view value, std::string_view rule) {
  return {ErrorCode::kInvalidArgument, Format("validate {}: {} {}", field, Shorten(value), rule)};
}

// How many bytes the UTF-8 character that begins with `lead` has; 0 for none.
std::size_t CharacterBytes(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

}  // namespace

bool IsPlainText(std::string_view text) {
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t size = CharacterBytes(lead);
    if (size == 0 || size > text.size() || lead < 0x20 || lead == 0x7f) return false;
    std::uint32_t point = size == 1 ? lead : lead & (0xffu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if ((byte & 0xc0) != 0x80) return false;
      point = point << 6 | (byte & 0x3f);
    }
    const bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
    if (point < kLeast[size] || point > 0x10ffff || is_surrogate) return false;
    text.remove_prefix(size);
  }
  return true;
}

Status ValidateEntityName(std::string_view name) {
  if (name.size() > kMaxEntityNameBytes || !IsPlainText(name)) {
    return Invalid(
        "name", name,
        Format("must be UTF-8 without control characters (at most {} bytes)", kMaxEntityNameBytes));
  }
  return {};
}

Status ValidateMetadata(const Metadata& metadata) {
  if (metadata.size() > kMaxMetadataEntries) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("validate metadata: {} entries, must be at most {}", metadata.size(),
                        kMaxMetadataEntries));
  }
  for (const auto& [name, text] : metadata) {
    const bool fits = !name.empty() && name.size() + text.size() <= kMaxMetadataEntryBytes;
    if (!fits || !IsPlainText(name) || !IsPlainText(text)) {
      return Invalid("metadata entry", name,
                     Format("must have a name and be UTF-8 without control characters (at most {} "
                            "bytes with its text)",
                            kMaxMetadataEntryBytes));
    }
  }
  return {};
}

Status ValidateEntity(const Entity& entity) {
  ZAEL_TRY(limit::ValidateIdentifier("entity_id", entity.id));
  ZAEL_TRY(ValidateEntityName(entity.name));
  ZAEL_TRY(ValidateMetadata(entity.metadata));
  if (entity.parent_id) {
    ZAEL_TRY(limit::ValidateIdentifier("parent_id", *entity.parent_id));
  }
  if (entity.cascade && !entity.parent_id) {
    return Error(
        ErrorCode::kInvalidArgument,
        Format(
            "validate cascade: entity {} has no parent to charge, give it one or leave cascade out",
            Shorten(entity.id)));
  }
  return {};
}

}  // namespace zael::repository
