#include "widgets/terminal/logrows.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace gatehouse::widgets {

namespace {
// A longer line of words is wrapped like output: where its words end would have to be looked for again at every change of width.
constexpr int longestOfWords = 4096;
constexpr int longestWord = 24;

// Between two looks at the clock.
constexpr std::uint64_t linesPerLook = 16;

bool isOfWords(LogStream stream)
{
    return stream == LogStream::Says || stream == LogStream::Note;
}

// A line's text, to find the ends of its words in; without rendering it where that can be.
class Words {
public:
    Words(const LogStore& store, std::uint64_t line)
    {
        std::size_t length = 0;
        if (const char* plain = store.plainText(line, length, m_scratch))
            m_plain = std::string_view(plain, length);
        else
            m_rendered = store.line(line);
    }

    // Where a row from start to end should end instead: behind a blank near there, which stays at the row's end, so nothing is lost.
    [[nodiscard]] int rowEnd(int start, int end) const
    {
        const int near = std::max(start + 1, end - longestWord);
        if (!m_rendered) {
            const auto blank = m_plain.substr(std::size_t(near), std::size_t(end - near)).rfind(' ');
            return blank == std::string_view::npos ? end : near + int(blank) + 1;
        }
        const int from = m_rendered->unitAt(near);
        const auto blank = QStringView(m_rendered->text).mid(from, m_rendered->unitAt(end) - from).lastIndexOf(u' ');
        return blank < 0 ? end : m_rendered->columnAt(from + int(blank) + 1);
    }

private:
    std::string m_scratch;
    std::string_view m_plain;
    AnsiLinePtr m_rendered;
};
} // namespace

bool LogRows::follow(const LogStore& store, QDeadlineTimer deadline)
{
    if (store.endLine() < m_end || store.firstLine() < m_first) // cleared
        *this = LogRows(m_columns);
    if (m_columns == 0) {
        m_first = store.firstLine();
        m_end = store.endLine();
        return true;
    }
    if (m_lastOpen && !m_ends.empty()) {
        m_ends.pop_back();
        --m_end;
    }
    m_lastOpen = false;
    while (m_first < store.firstLine() && !m_ends.empty()) {
        m_gone = m_ends.front();
        m_ends.pop_front();
        ++m_first;
    }
    if (m_first < store.firstLine())
        m_first = m_end = store.firstLine();
    for (std::uint64_t laid = 0; m_end < store.endLine(); ++m_end) {
        if (++laid % linesPerLook == 0 && deadline.hasExpired())
            return false;
        m_ends.push_back((m_ends.empty() ? m_gone : m_ends.back()) + std::uint64_t(rowsOf(store, m_end)));
    }
    m_lastOpen = store.isLastOpen();
    return true;
}

int LogRows::rowsOf(const LogStore& store, std::uint64_t line) const
{
    const int width = store.width(line);
    const int notice = width > 0 && store.isCut(line) ? 1 : 0;
    if (width <= m_columns)
        return 1 + notice;
    if (isOfWords(store.stream(line)) && width <= longestOfWords)
        return int(starts(store, line).size());
    return (width + m_columns - 1) / m_columns + notice;
}

int LogRows::count() const
{
    const std::uint64_t rows = m_columns == 0 ? m_end - m_first : m_ends.empty() ? 0 : m_ends.back() - m_gone;
    return int(std::min<std::uint64_t>(rows, std::numeric_limits<int>::max() / 2));
}

LogRows::Place LogRows::at(int row) const
{
    if (m_columns == 0)
        return {m_first + std::uint64_t(row), 0};
    const auto found = std::ranges::upper_bound(m_ends, m_gone + std::uint64_t(row));
    const std::uint64_t before = found == m_ends.begin() ? m_gone : *(found - 1);
    return {m_first + std::uint64_t(found - m_ends.begin()), int(m_gone + std::uint64_t(row) - before)};
}

int LogRows::rowOf(std::uint64_t line) const
{
    if (line <= m_first)
        return 0;
    if (line >= m_end)
        return count();
    if (m_columns == 0)
        return int(line - m_first);
    return int(m_ends[std::size_t(line - m_first - 1)] - m_gone);
}

std::vector<int> LogRows::starts(const LogStore& store, std::uint64_t line) const
{
    std::vector<int> starts = {0};
    if (m_columns == 0)
        return starts;
    const int width = store.width(line);
    std::optional<Words> words;
    if (width > m_columns && width <= longestOfWords && isOfWords(store.stream(line)))
        words.emplace(store, line);
    for (int start = 0; start + m_columns < width;) {
        const int end = start + m_columns;
        start = words ? words->rowEnd(start, end) : end;
        starts.push_back(start);
    }
    if (width > 0 && store.isCut(line))
        starts.push_back(width);
    return starts;
}

} // namespace gatehouse::widgets
