#include "widgets/diff/worddiff.h"

#include <algorithm>

namespace gatehouse::widgets {

namespace {

constexpr std::size_t mostWords = 250;

// Words are runs of letters and digits; a blank run or any other character is one of its own.
std::vector<TextRange> words(const QString& line)
{
    std::vector<TextRange> found;
    const auto kind = [](QChar c) { return c.isLetterOrNumber() || c == u'_' ? 1 : c.isSpace() ? 2 : 3; };
    for (int i = 0; i < line.size();) {
        int end = i + 1;
        const int first = kind(line.at(i));
        while (end < line.size() && first != 3 && kind(line.at(end)) == first)
            ++end;
        found.push_back({i, end - i});
        i = end;
    }
    return found;
}

bool sameButBlanks(const QString& a, const QString& b)
{
    const auto isBlank = [](QChar c) { return c.isSpace(); };
    qsizetype i = 0;
    qsizetype j = 0;
    for (;; ++i, ++j) {
        while (i < a.size() && isBlank(a.at(i)))
            ++i;
        while (j < b.size() && isBlank(b.at(j)))
            ++j;
        if (i == a.size() || j == b.size())
            return i == a.size() && j == b.size();
        if (a.at(i) != b.at(j))
            return false;
    }
}

void mark(std::vector<TextRange>& ranges, const TextRange& word)
{
    if (!ranges.empty() && ranges.back().start + ranges.back().length == word.start)
        ranges.back().length += word.length;
    else
        ranges.push_back(word);
}

class Table {
public:
    Table(std::size_t rows, std::size_t columns) : m_columns(columns), m_cells(rows * columns, 0) { }
    int& at(std::size_t row, std::size_t column) { return m_cells[row * m_columns + column]; }

private:
    std::size_t m_columns;
    std::vector<int> m_cells;
};

} // namespace

WordDiff wordDiff(const QString& before, const QString& after)
{
    WordDiff diff;
    if (std::size_t(before.size()) > longestComparedLine || std::size_t(after.size()) > longestComparedLine)
        return diff;
    const auto a = words(before);
    const auto b = words(after);
    if (a.size() > mostWords || b.size() > mostWords)
        return diff;
    const auto same = [&](std::size_t i, std::size_t j) {
        return QStringView(before).mid(a[i].start, a[i].length) == QStringView(after).mid(b[j].start, b[j].length);
    };
    // Longest common subsequence, weighted by letters, so that common blanks don't outweigh words.
    Table common(a.size() + 1, b.size() + 1);
    for (std::size_t i = a.size(); i-- > 0;)
        for (std::size_t j = b.size(); j-- > 0;)
            common.at(i, j) = same(i, j) ? common.at(i + 1, j + 1) + a[i].length : std::max(common.at(i + 1, j), common.at(i, j + 1));
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() || j < b.size()) {
        // A blank is matched as late as it can be: "Credit note" stays in one piece.
        const bool both = i < a.size() && j < b.size();
        const bool later = both && before.at(a[i].start).isSpace() && common.at(i, j + 1) == common.at(i, j);
        if (both && same(i, j) && !later) {
            ++i;
            ++j;
        } else if (j == b.size() || (i < a.size() && common.at(i + 1, j) >= common.at(i, j + 1))) {
            mark(diff.before, a[i++]);
        } else {
            mark(diff.after, b[j++]);
        }
    }
    // Lines with hardly anything in common are not one line changed.
    if (common.at(0, 0) * 3 < std::max(before.size(), after.size()) && !sameButBlanks(before, after))
        return {};
    return diff;
}

} // namespace gatehouse::widgets
