// PayloadText: a JSON value as one text, the same for values that differ only in the order of their
// members: what two requests are compared by.
#pragma once

#include <string>

#include "json/json_document.h"

namespace zael::endpoint {

std::string PayloadText(const json::JsonValue& value);

}  // namespace zael::endpoint
