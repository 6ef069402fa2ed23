// TextSearch: where a text stands in the bytes of a document. Pure; any thread.
#pragma once

#include "core/base/jsondocument.h"

#include <string_view>
#include <vector>

namespace gatehouse::widgets {

enum class Case { Ignored, Counts }; // Ignored: that of ASCII letters

// In their order, none inside another, at most so many.
[[nodiscard]] std::vector<::gatehouse::TextRange> occurrences(std::string_view text, std::string_view wanted, Case sense,
                                                              std::size_t most = 1000);

} // namespace gatehouse::widgets
