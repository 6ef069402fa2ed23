// A place in a text. Values; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gatehouse {

// line and column count from 1, the column in code points; line 0 means no place in particular.
struct TextPosition {
    std::size_t offset = 0; // in bytes
    unsigned line = 0;
    unsigned column = 0;
    bool operator==(const TextPosition&) const = default;
};

// Lines end at "\n"; an offset beyond the end is the end.
[[nodiscard]] TextPosition textPosition(std::string_view text, std::size_t offset);
// "name:line:column", or the name alone for line 0.
[[nodiscard]] std::string placeName(const std::string& name, const TextPosition& position);

} // namespace gatehouse
