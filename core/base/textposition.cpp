#include "core/base/textposition.h"

#include "core/base/utf8.h"

#include <algorithm>

namespace gatehouse {

TextPosition textPosition(std::string_view text, std::size_t offset)
{
    offset = std::min(offset, text.size());
    const std::string_view before = text.substr(0, offset);
    const std::size_t newline = before.rfind('\n');
    const std::size_t lineStart = newline == std::string_view::npos ? 0 : newline + 1;
    const auto newlines = std::count(before.begin(), before.end(), '\n');
    return {offset, static_cast<unsigned>(newlines) + 1, static_cast<unsigned>(codePointCount(before.substr(lineStart))) + 1};
}

std::string placeName(const std::string& name, const TextPosition& position)
{
    if (position.line == 0)
        return name;
    return name + ':' + std::to_string(position.line) + ':' + std::to_string(position.column);
}

} // namespace gatehouse
