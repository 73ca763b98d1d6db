// Reserved words: what an expression cannot name an attribute without a placeholder.
#pragma once

#include <string_view>

namespace zael::endpoint {

// In any case of its letters.
bool IsReservedWord(std::string_view word);

}  // namespace zael::endpoint
