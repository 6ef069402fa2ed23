// Which removed line became which added one.
#include "widgets/diff/patch.h"

#include <algorithm>
#include <cstdint>

namespace gatehouse::widgets {

namespace {

// Of one run of changes, and of a whole patch; past them lines are paired first with first.
constexpr std::size_t mostCells = 4096;
constexpr std::size_t mostCellsOfAll = 500'000;
constexpr std::size_t mostWords = 64;
constexpr std::size_t mostBytes = 500;

using Words = std::vector<std::uint32_t>; // hashes, sorted

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

Words wordsOf(std::string_view line)
{
    Words words;
    line = line.substr(0, mostBytes);
    for (std::size_t i = 0; i < line.size() && words.size() < mostWords;) {
        std::uint32_t hash = 2166136261u;
        const char first = line[i];
        do
            hash = (hash ^ static_cast<unsigned char>(line[i++])) * 16777619u;
        while (isWordByte(first) && i < line.size() && isWordByte(line[i]));
        if (first != ' ' && first != '\t')
            words.push_back(hash);
    }
    std::sort(words.begin(), words.end());
    return words;
}

// 0 … 1000: the share of words that both have.
int similarity(const Words& a, const Words& b)
{
    std::size_t common = 0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i] == b[j]) {
            ++common;
            ++i;
            ++j;
        } else if (a[i] < b[j]) {
            ++i;
        } else {
            ++j;
        }
    }
    return a.empty() && b.empty() ? 1000 : int(2000 * common / (a.size() + b.size()));
}

class Run {
public:
    Run(Patch& patch, std::size_t removed, std::size_t added, std::size_t end)
        : m_patch(patch), m_removed(removed), m_added(added), m_rows(added - removed), m_columns(end - added)
    {
    }

    [[nodiscard]] std::size_t cells() const { return m_rows * m_columns; }
    [[nodiscard]] bool isPlain() const { return m_rows == 0 || m_columns == 0 || (m_rows == 1 && m_columns == 1); }

    void firstWithFirst()
    {
        for (std::size_t k = 0; k < std::min(m_rows, m_columns); ++k)
            join(k, k);
    }

    // The most similar pairs in order; any pair is a little better than none, so that nothing stands alone without need.
    void bySimilarity()
    {
        std::vector<Words> before = words(m_removed, m_rows);
        std::vector<Words> after = words(m_added, m_columns);
        std::vector<int> best((m_rows + 1) * (m_columns + 1), 0);
        std::vector<int> gain(cells(), 0);
        const auto at = [&](std::size_t i, std::size_t j) -> int& { return best[i * (m_columns + 1) + j]; };
        for (std::size_t i = m_rows; i-- > 0;) {
            for (std::size_t j = m_columns; j-- > 0;) {
                gain[i * m_columns + j] = similarity(before[i], after[j]) + 1;
                at(i, j) = std::max({at(i + 1, j), at(i, j + 1), at(i + 1, j + 1) + gain[i * m_columns + j]});
            }
        }
        for (std::size_t i = 0, j = 0; i < m_rows && j < m_columns;) {
            if (at(i, j) == at(i + 1, j + 1) + gain[i * m_columns + j])
                join(i++, j++);
            else if (at(i, j) == at(i + 1, j))
                ++i;
            else
                ++j;
        }
    }

private:
    std::vector<Words> words(std::size_t first, std::size_t count) const
    {
        std::vector<Words> made;
        for (std::size_t i = 0; i < count; ++i)
            made.push_back(wordsOf(m_patch.text(m_patch.lines[first + i])));
        return made;
    }

    void join(std::size_t i, std::size_t j)
    {
        m_patch.lines[m_removed + i].partner = int(m_added + j);
        m_patch.lines[m_added + j].partner = int(m_removed + i);
    }

    Patch& m_patch;
    std::size_t m_removed;
    std::size_t m_added;
    std::size_t m_rows;
    std::size_t m_columns;
};

} // namespace

void pairChangedLines(Patch& patch)
{
    const auto& lines = patch.lines;
    std::size_t cellsLeft = mostCellsOfAll;
    for (std::size_t i = 0; i < lines.size();) {
        std::size_t added = i;
        while (added < lines.size() && lines[added].kind == PatchLineKind::Removed)
            ++added;
        std::size_t end = added;
        while (end < lines.size() && lines[end].kind == PatchLineKind::Added)
            ++end;
        Run run(patch, i, added, end);
        if (!run.isPlain() && run.cells() <= std::min(mostCells, cellsLeft)) {
            cellsLeft -= run.cells();
            run.bySimilarity();
        } else {
            run.firstWithFirst();
        }
        i = std::max(i + 1, end);
    }
}

} // namespace gatehouse::widgets
