// FuzzyMatch: whether the letters of a pattern stand in a text in their order, and how well: for lists that are filtered by typing.
// Pure; any thread. Letters are compared without case; blanks in the pattern separate words that may stand in any place in order.
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace gatehouse::widgets {

struct FuzzyMatch {
    int score = 0;              // higher is better; comparable for one pattern only
    std::vector<int> positions; // of the matched letters in the text, ascending

    // Nothing: some letter is missing. An empty pattern matches everything with the score 0.
    [[nodiscard]] static std::optional<FuzzyMatch> find(QStringView pattern, QStringView text);
};

} // namespace gatehouse::widgets
