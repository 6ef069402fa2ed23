// Which lines of two texts differ (Myers, with common ends cut off). Pure; any thread; bounded: past the bound the middle counts as
// wholly replaced, which is correct if not minimal. Window and terminal mark changes by it, so that they mark the same.
#pragma once

#include <string_view>
#include <vector>

namespace gatehouse {

// before[beforeStart, +beforeCount) became after[afterStart, +afterCount); at least one count is not 0. In order.
struct LineChange {
    int beforeStart = 0;
    int beforeCount = 0;
    int afterStart = 0;
    int afterCount = 0;
    bool operator==(const LineChange&) const = default;
};

[[nodiscard]] std::vector<std::string_view> splitLines(std::string_view text);
[[nodiscard]] std::vector<LineChange> lineDiff(const std::vector<std::string_view>& before, const std::vector<std::string_view>& after);

} // namespace gatehouse
