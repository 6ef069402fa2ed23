// Which value of a JSON document a byte stands in. Pure; any thread.
#pragma once

#include "core/base/jsondocument.h"

#include <cstddef>
#include <string>

namespace gatehouse::widgets {

// Of the smallest value that the byte stands in, or in its key, or right after it; empty: the document's.
[[nodiscard]] std::string pointerAt(const JsonDocument& document, std::size_t offset);

} // namespace gatehouse::widgets
