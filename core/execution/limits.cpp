#include "core/execution/limits.h"

#include <algorithm>
#include <array>

namespace gatehouse::execution {

// In the order of the enum.
static constexpr std::array<std::string_view, 11> limitNames = {"cpu", "memory", "processes", "disk", "call",  "session",
                                                                "run", "turns",  "tokens",    "cost", "inodes"};

std::string_view limitName(Limit limit)
{
    return limitNames[static_cast<std::size_t>(limit)];
}

std::optional<Limit> limitFromName(std::string_view name)
{
    const auto found = std::ranges::find(limitNames, name);
    if (found == limitNames.end())
        return std::nullopt;
    return static_cast<Limit>(found - limitNames.begin());
}

} // namespace gatehouse::execution
