// LogView: what is selected, by whichever hand, and what is copied of it; the hits of a search are selected one by one.
#include "widgets/terminal/logview.h"

#include <QApplication>
#include <QClipboard>

#include <algorithm>
#include <utility>

namespace gatehouse::widgets {

LogView::Place LogView::clamped(Place place) const
{
    if (m_store.isEmpty())
        return {};
    if (place.line < m_store.firstLine())
        return {m_store.firstLine(), 0};
    if (place.line >= m_store.endLine())
        return {m_store.endLine() - 1, m_store.width(m_store.endLine() - 1)};
    return {place.line, std::clamp(place.column, 0, m_store.width(place.line))};
}

void LogView::select(Place from, Place to)
{
    setSelection(from, to);
}

// The one way to a selection.
void LogView::setSelection(Place anchor, Place caret)
{
    const std::uint64_t lineBefore = m_caret.line;
    m_anchor = clamped(anchor);
    m_caret = clamped(caret);
    m_goalColumn = -1;
    m_currentHit.reset();
    // What is selected must not run away, under the pointer or from the eye.
    if (hasSelection())
        m_following = false;
    if (m_caret.line != lineBefore)
        sayCaret();
    viewport()->update();
}

// A program's output is of plain lines mostly: those need no rendering.
static QString textBetween(const LogStore& store, std::uint64_t line, int from, int to)
{
    std::size_t length = 0;
    std::string scratch;
    if (const char* plain = store.plainText(line, length, scratch))
        return QString::fromLatin1(plain + from, std::max(0, to - from));
    return store.line(line)->textBetween(from, to);
}

QString LogView::selectedText() const
{
    const Place from = selectionStart();
    const Place to = selectionEnd();
    QString text;
    for (std::uint64_t line = from.line; line <= to.line && line < m_store.endLine() && text.size() <= longestCopy; ++line) {
        if (line != from.line)
            text += u'\n';
        text += textBetween(m_store, line, line == from.line ? from.column : 0, line == to.line ? to.column : m_store.width(line));
    }
    return text;
}

void LogView::copy()
{
    if (!hasSelection())
        return;
    const QString text = selectedText();
    bool whole = text.size() <= longestCopy;
    const Place to = selectionEnd();
    for (std::uint64_t line = selectionStart().line; whole && line <= to.line; ++line)
        whole = !m_store.isCut(line) || (line == to.line && to.column < m_store.width(line));
    QApplication::clipboard()->setText(text.left(longestCopy));
    Q_EMIT copied(whole);
}

int LogView::currentHit() const
{
    if (!m_currentHit)
        return -1;
    const std::vector<LogHit>& hits = m_search.hits();
    const auto found = std::ranges::lower_bound(hits, *m_currentHit);
    return found != hits.end() && *found == *m_currentHit ? int(found - hits.begin()) : -1;
}

bool LogView::goToHit(int direction)
{
    const std::vector<LogHit>& hits = m_search.hits();
    if (hits.empty())
        return false;
    const int count = int(hits.size());
    int next = currentHit();
    if (next >= 0) {
        next = (next + direction + count) % count;
    } else {
        const Place start = selectionStart();
        const auto behind = std::ranges::lower_bound(hits, LogHit{start.line, start.column, 0});
        next = (int(behind - hits.begin()) + (direction < 0 ? count - 1 : 0)) % count;
    }
    const LogHit hit = hits[std::size_t(next)];
    setSelection({hit.line, hit.column}, {hit.line, hit.column + hit.columns});
    m_currentHit = hit;
    showPlace(m_anchor);
    showPlace(m_caret);
    return true;
}

} // namespace gatehouse::widgets
