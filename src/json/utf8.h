// UTF-8: where a text stops being well-formed. Shared by what writes JSON and what reads it.
//
// Well-formed as Unicode 15 table 3-7 has it: no overlong forms, no surrogates, nothing above
// U+10FFFF. Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace zael::json {

// Length of the well-formed sequence at the front of `text`, zero when there is none.
std::size_t SequenceLength(std::string_view text);

// Offset of the first byte that belongs to no well-formed sequence; text.size() when all do.
std::size_t FirstIllFormed(std::string_view text);

}  // namespace zael::json
