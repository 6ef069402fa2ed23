#include "widgets/source/pointerat.h"

#include <algorithm>

namespace gatehouse::widgets {

std::string pointerAt(const JsonDocument& document, std::size_t offset)
{
    std::string pointer;
    while (true) {
        const std::vector<JsonDocument::Child> children = document.children(pointer);
        const auto after = std::ranges::upper_bound(children, offset, {}, &JsonDocument::Child::begin);
        if (after == children.begin() || offset > std::prev(after)->value.end)
            return pointer;
        pointer = std::prev(after)->pointer;
    }
}

} // namespace gatehouse::widgets
