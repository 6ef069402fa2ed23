// What of the text has been on screen.
#include "widgets/text/codeview.h"

#include <QScrollBar>

namespace gatehouse::widgets {

void CodeView::demandReading()
{
    m_readingDemanded = true;
    m_seen.reset(rowCount());
    viewport()->update();
}

// Called when painting, so rows count once they were drawn; and only what no area around this one hides, over the whole width.
void CodeView::noteSeen()
{
    if (!m_readingDemanded || wholeTextSeen())
        return;
    const QRect visible = viewport()->visibleRegion().boundingRect();
    if (visible.isEmpty() || visible.width() < viewport()->width())
        return;
    const int top = verticalScrollBar()->value();
    const int first = top + (visible.top() + rowHeight() - 1) / rowHeight();
    const int end = top + (visible.bottom() + 1) / rowHeight();
    const int before = m_seen.left();
    m_seen.note(first, end);
    if (m_seen.left() != before)
        QMetaObject::invokeMethod(this, &CodeView::readingChanged, Qt::QueuedConnection);
}

QRect CodeView::showFirstUnseen()
{
    if (wholeTextSeen())
        return {};
    const int row = m_seen.firstUnseen();
    verticalScrollBar()->setValue(row);
    return {0, (row - verticalScrollBar()->value()) * rowHeight(), viewport()->width(), rowHeight()};
}

std::vector<bool> CodeView::seenLines() const
{
    if (!m_readingDemanded)
        return {};
    std::vector<bool> lines(m_lines.size(), false);
    for (int row = 0; row < rowCount(); ++row) {
        const Row& place = m_rows[std::size_t(row)];
        const auto line = std::size_t(place.line);
        lines[line] = m_seen.contains(row) && (place.start == 0 || lines[line]);
    }
    return lines;
}

void CodeView::restoreSeen(const std::vector<bool>& lines)
{
    if (!m_readingDemanded)
        return;
    m_seen.reset(rowCount());
    for (int row = 0; row < rowCount(); ++row)
        if (const auto line = std::size_t(m_rows[std::size_t(row)].line); line < lines.size() && lines[line])
            m_seen.note(row, row + 1);
    QMetaObject::invokeMethod(this, &CodeView::readingChanged, Qt::QueuedConnection);
}

} // namespace gatehouse::widgets
