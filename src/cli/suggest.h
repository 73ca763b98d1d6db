// Suggestions: the valid word that a mistyped one was probably meant to be.
//
// Optimal string alignment distance (insert, delete, replace, swap neighbours), case ignored. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zael::cli {

std::size_t EditDistance(std::string_view left, std::string_view right);

// The nearest candidate, absent when none is near enough to be a typing error.
std::optional<std::string> Nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

}  // namespace zael::cli
