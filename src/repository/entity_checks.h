// What an entity may look like, checked before anything is read or written.
#pragma once

#include <zael/entity.h>
#include <zael/result.h>

#include <string_view>

namespace zael::repository {

inline constexpr std::size_t kMaxEntityNameBytes = 1024;
inline constexpr std::size_t kMaxMetadataEntries = 32;
inline constexpr std::size_t kMaxMetadataEntryBytes = 1024;  // name and text together

// Errors of all: kInvalidArgument naming the field, the value and the rule.
Status ValidateEntity(const Entity& entity);
Status ValidateEntityName(std::string_view name);
Status ValidateMetadata(const Metadata& metadata);

// Whether `text` is UTF-8 without control characters.
bool IsPlainText(std::string_view text);

}  // namespace zael::repository
