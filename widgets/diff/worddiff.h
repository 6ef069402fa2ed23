// Which words of two lines differ. Pure; any thread; bounded: long or wholly different lines have no word marks.
#pragma once

#include "widgets/text/codeview.h"

#include <vector>

namespace gatehouse::widgets {

// Longer lines are data, not words.
constexpr std::size_t longestComparedLine = 1000;

struct WordDiff {
    std::vector<TextRange> before;
    std::vector<TextRange> after;
};

[[nodiscard]] WordDiff wordDiff(const QString& before, const QString& after);

} // namespace gatehouse::widgets
