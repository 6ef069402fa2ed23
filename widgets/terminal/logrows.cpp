#include "widgets/terminal/logrows.h"

#include <algorithm>
#include <limits>

namespace gatehouse::widgets {

namespace {
// A longer line of words is wrapped like output: where its words end would have to be looked for again at every change of width.
constexpr int longestOfWords = 4096;
constexpr int longestWord = 24;

bool isOfWords(LogStream stream)
{
    return stream == LogStream::Says || stream == LogStream::Note;
}
} // namespace

void LogRows::setColumns(int columns, const LogStore& store)
{
    if (columns == m_columns)
        return follow(store);
    *this = {};
    m_columns = columns;
    m_first = m_end = store.firstLine();
    follow(store);
}

void LogRows::follow(const LogStore& store)
{
    if (store.endLine() < m_end || store.firstLine() < m_first) { // cleared
        const int columns = m_columns;
        *this = {};
        m_columns = columns;
    }
    if (m_columns == 0) {
        m_first = store.firstLine();
        m_end = store.endLine();
        return;
    }
    if (m_lastOpen && !m_ends.empty()) {
        m_ends.pop_back();
        --m_end;
    }
    while (m_first < store.firstLine() && !m_ends.empty()) {
        m_gone = m_ends.front();
        m_ends.pop_front();
        ++m_first;
    }
    if (m_first < store.firstLine())
        m_first = m_end = store.firstLine();
    for (; m_end < store.endLine(); ++m_end)
        m_ends.push_back((m_ends.empty() ? m_gone : m_ends.back()) + std::uint64_t(rowsOf(store, m_end)));
    m_lastOpen = store.isLastOpen();
}

int LogRows::rowsOf(const LogStore& store, std::uint64_t line) const
{
    const int width = store.width(line);
    if (width <= m_columns)
        return 1;
    if (isOfWords(store.stream(line)) && width <= longestOfWords)
        return int(starts(store, line).size());
    return (width + m_columns - 1) / m_columns;
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
    const int width = store.width(line);
    if (m_columns == 0 || width <= m_columns)
        return starts;
    const bool words = isOfWords(store.stream(line)) && width <= longestOfWords;
    const AnsiLinePtr text = words ? store.line(line) : nullptr;
    for (int start = 0; start + m_columns < width;) {
        int end = start + m_columns;
        if (words) {
            const int from = text->unitAt(std::max(start + 1, end - longestWord));
            const QStringView near = QStringView(text->text).mid(from, text->unitAt(end) - from);
            // The blank stays at the row's end, so nothing is lost.
            if (const auto blank = near.lastIndexOf(u' '); blank >= 0)
                end = text->columnAt(from + int(blank) + 1);
        }
        starts.push_back(end);
        start = end;
    }
    return starts;
}

} // namespace gatehouse::widgets
