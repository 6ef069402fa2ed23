#include "widgets/actions/fuzzymatch.h"

#include <algorithm>

namespace gatehouse::widgets {

namespace {

// What a matched letter is worth where it stands. A gap costs a little, so that of two equal texts the denser wins.
constexpr int atWordStart = 10;
constexpr int afterMatch = 6;
constexpr int anywhere = 1;
constexpr int longest = 512; // of a text; the rest of a longer one is not looked at

bool startsWord(QStringView text, qsizetype at)
{
    if (at == 0)
        return true;
    const QChar before = text[at - 1];
    const QChar here = text[at];
    return !before.isLetterOrNumber() || (before.isLower() && here.isUpper());
}

// best[j]: the best score with the letters so far, the last of them at j. Quadratic in a pattern of a few letters and a short text.
class Table {
public:
    Table(QStringView pattern, QStringView text) : m_text(text)
    {
        std::vector<int> before;
        for (const QChar letter : pattern) {
            std::vector<int> now(std::size_t(text.size()), none);
            std::vector<int> from(std::size_t(text.size()), -1);
            fill(letter.toCaseFolded(), before, now, from);
            before = std::move(now);
            m_from.push_back(std::move(from));
        }
        m_last = std::move(before);
    }

    [[nodiscard]] std::optional<FuzzyMatch> result() const
    {
        const auto best = std::ranges::max_element(m_last);
        if (best == m_last.end() || *best == none)
            return std::nullopt;
        FuzzyMatch match;
        match.score = *best - int(m_text.size()) / 8;
        int at = int(best - m_last.begin());
        for (auto from = m_from.rbegin(); from != m_from.rend(); ++from) {
            match.positions.push_back(at);
            at = (*from)[std::size_t(at)];
        }
        std::ranges::reverse(match.positions);
        return match;
    }

private:
    static constexpr int none = -1'000'000;

    void fill(QChar letter, const std::vector<int>& before, std::vector<int>& now, std::vector<int>& from) const
    {
        const bool first = m_from.empty();
        int bestBefore = none;
        int bestAt = -1;
        for (int j = 0; j < int(m_text.size()); ++j) {
            if (!first && j > 0 && before[std::size_t(j - 1)] > bestBefore) {
                bestBefore = before[std::size_t(j - 1)];
                bestAt = j - 1;
            }
            if (m_text[j].toCaseFolded() != letter || (!first && bestBefore == none))
                continue;
            const int own = startsWord(m_text, j) ? atWordStart : anywhere;
            const int jump = first ? own : bestBefore + own;
            const int next =
                first || j == 0 || before[std::size_t(j - 1)] == none ? none : before[std::size_t(j - 1)] + std::max(own, afterMatch);
            now[std::size_t(j)] = std::max(jump, next);
            from[std::size_t(j)] = next > jump ? j - 1 : bestAt;
        }
    }

    QStringView m_text;
    std::vector<std::vector<int>> m_from;
    std::vector<int> m_last;
};

} // namespace

std::optional<FuzzyMatch> FuzzyMatch::find(QStringView pattern, QStringView text)
{
    QString letters;
    for (const QChar c : pattern)
        if (!c.isSpace())
            letters += c;
    if (letters.isEmpty())
        return FuzzyMatch{};
    if (letters.size() > text.size())
        return std::nullopt;
    return Table(letters, text.left(longest)).result();
}

} // namespace gatehouse::widgets
