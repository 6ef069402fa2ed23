// LogView: mouse and keyboard. Places are between columns, as in an editor; nothing is ever changed.
#include "widgets/terminal/logview.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QScrollBar>
#include <QTimerEvent>
#include <QToolTip>

#include "widgets/style/fonts.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

// While the mouse is held outside the view it scrolls this often.
static constexpr int dragMilliseconds = 40;

int LogView::rowOf(Place place) const
{
    const std::vector<int> starts = m_rows.starts(m_store, place.line);
    return m_rows.rowOf(place.line) + int(std::ranges::upper_bound(starts, place.column) - starts.begin()) - 1;
}

LogView::Place LogView::placeAt(QPoint position) const
{
    if (m_rows.count() == 0)
        return {};
    const int row = std::clamp(verticalScrollBar()->value() + int(std::floor(position.y() / qreal(rowHeight()))), 0, rowCount() - 1);
    const LogRows::Place place = m_rows.at(row);
    const std::vector<int> starts = m_rows.starts(m_store, place.line);
    const auto index = std::size_t(std::min(place.row, int(starts.size()) - 1));
    const int end = index + 1 < starts.size() ? starts[index + 1] : m_store.width(place.line);
    const int offset = int(std::lround((position.x() - gutterWidth() + horizontalScrollBar()->value()) / m_advance));
    return {place.line, std::clamp(starts[index] + offset, starts[index], end)};
}

void LogView::showPlace(Place place)
{
    const int row = rowOf(place);
    const int page = verticalScrollBar()->pageStep();
    if (row < verticalScrollBar()->value())
        scrollToRow(row);
    else if (row >= verticalScrollBar()->value() + page)
        scrollToRow(row - page + 1);
    if (!wraps()) {
        const int x = int(place.column * m_advance);
        const int room = viewport()->width() - gutterWidth() - px(16);
        if (x < horizontalScrollBar()->value())
            horizontalScrollBar()->setValue(std::max(0, x - room / 4));
        else if (x > horizontalScrollBar()->value() + room)
            horizontalScrollBar()->setValue(x - room);
    }
    viewport()->update();
}

// Who goes back by keys does not want to be taken to the tail by what comes next.
void LogView::moveCaret(Place to, bool extend)
{
    const Place caret = clamped(to);
    setSelection(extend ? m_anchor : caret, caret);
    m_following = m_following && rowOf(m_caret) >= rowCount() - 1;
    showPlace(m_caret);
}

// Down and up the rows that are seen, at the column where the moves began as far as there is one.
void LogView::moveByRows(int rows, bool extend)
{
    const auto startsAt = [this](LogRows::Place place) {
        std::vector<int> starts = m_rows.starts(m_store, place.line);
        starts.erase(starts.begin(), starts.begin() + std::min(place.row, int(starts.size()) - 1));
        return starts; // of this row and those behind it
    };
    const int from = std::clamp(rowOf(m_caret), 0, rowCount() - 1);
    const int goal = m_goalColumn >= 0 ? m_goalColumn : m_caret.column - startsAt(m_rows.at(from)).front();
    const int row = std::clamp(from + rows, 0, rowCount() - 1);
    const LogRows::Place target = m_rows.at(row);
    const std::vector<int> starts = startsAt(target);
    // Where the next row begins the caret would stand in that one.
    int column = std::min(starts[0] + goal, starts.size() > 1 ? std::max(starts[0], starts[1] - 1) : m_store.width(target.line));
    const AnsiLinePtr line = m_store.line(target.line);
    if (const int unit = line->unitAt(column); unit > 0 && line->columnAt(unit) != column)
        column = line->columnAt(unit - 1); // not into a wide character
    moveCaret({target.line, column}, extend);
    m_goalColumn = goal;
    if (row == rowCount() - 1 && !extend)
        followTail();
}

// Across the ends of lines; never into the middle of a wide character.
LogView::Place LogView::stepped(int columns) const
{
    const AnsiLinePtr line = m_store.line(m_caret.line);
    if (columns < 0 && m_caret.column == 0)
        return m_caret.line > m_store.firstLine() ? Place{m_caret.line - 1, m_store.width(m_caret.line - 1)} : m_caret;
    if (columns > 0 && m_caret.column >= line->width)
        return m_caret.line + 1 < m_store.endLine() ? Place{m_caret.line + 1, 0} : m_caret;
    int column = m_caret.column + columns;
    while (column > 0 && column < line->width && line->columnAt(line->unitAt(column)) != column)
        column += columns;
    return {m_caret.line, column};
}

bool LogView::moveByKey(QKeyEvent* event)
{
    const bool extend = event->modifiers() & Qt::ShiftModifier;
    const int page = verticalScrollBar()->pageStep();
    // While the tail is followed the caret stays behind: keys begin at what is seen.
    if (m_following && !hasSelection() && lineRect(m_caret.line).isEmpty())
        m_anchor = m_caret = endPlace();
    switch (event->key()) {
    case Qt::Key_Down:
        moveByRows(1, extend);
        return true;
    case Qt::Key_Up:
        moveByRows(-1, extend);
        return true;
    case Qt::Key_PageDown:
        moveByRows(page, extend);
        return true;
    case Qt::Key_PageUp:
        moveByRows(-page, extend);
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right:
        moveCaret(stepped(event->key() == Qt::Key_Left ? -1 : 1), extend);
        return true;
    case Qt::Key_Home:
        moveCaret({m_store.firstLine(), 0}, extend);
        return true;
    case Qt::Key_End:
        moveCaret({m_store.endLine(), 0}, extend);
        if (!extend)
            followTail();
        return true;
    default:
        return false;
    }
}

void LogView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        return copy();
    if (event->matches(QKeySequence::Find)) {
        Q_EMIT findRequested();
        return;
    }
    if (event->matches(QKeySequence::FindNext) || event->matches(QKeySequence::FindPrevious)) {
        (void)goToHit(event->matches(QKeySequence::FindNext) ? 1 : -1);
        return;
    }
    if (event->matches(QKeySequence::SelectAll))
        return select({m_store.firstLine(), 0}, {m_store.endLine(), 0});
    if (event->key() == Qt::Key_Z && event->modifiers() == Qt::AltModifier)
        return setWrapping(m_wrapping == Wrapping::On ? Wrapping::Off : Wrapping::On);
    if (event->key() == Qt::Key_Escape && hasSelection()) {
        setSelection(m_caret, m_caret);
        return scrolled();
    }
    if (m_store.isEmpty() || !moveByKey(event))
        event->ignore();
}

void LogView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_store.isEmpty())
        return;
    const Place place = placeAt(event->pos());
    m_dragsLines = event->pos().x() < gutterWidth() - horizontalScrollBar()->value();
    if (!(event->modifiers() & Qt::ShiftModifier))
        setSelection(place, place);
    dragTo(event->pos());
}

void LogView::dragTo(QPoint position)
{
    const Place place = placeAt(position);
    if (!m_dragsLines)
        return setSelection(m_anchor, place);
    const bool down = place.line >= m_anchor.line;
    setSelection({m_anchor.line, down ? 0 : m_store.width(m_anchor.line)}, {place.line, down ? m_store.width(place.line) : 0});
}

void LogView::mouseMoveEvent(QMouseEvent* event)
{
    if (!(event->buttons() & Qt::LeftButton) || m_store.isEmpty())
        return;
    m_dragPosition = event->pos();
    dragTo(event->pos());
    const bool outside = event->pos().y() < 0 || event->pos().y() >= viewport()->height();
    if (outside && !m_dragTimer.isActive())
        m_dragTimer.start(dragMilliseconds, this);
}

void LogView::timerEvent(QTimerEvent* event)
{
    if (event->timerId() == m_takeTimer.timerId())
        return takeUntil(QDeadlineTimer(sliceMilliseconds));
    if (event->timerId() == m_layTimer.timerId()) {
        layOut();
        return viewport()->update();
    }
    if (event->timerId() != m_dragTimer.timerId())
        return QAbstractScrollArea::timerEvent(event);
    const int y = m_dragPosition.y();
    const int rows = y < 0 ? y / rowHeight() - 1 : y >= viewport()->height() ? (y - viewport()->height()) / rowHeight() + 1 : 0;
    verticalScrollBar()->setValue(verticalScrollBar()->value() + rows);
    dragTo(m_dragPosition);
}

void LogView::mouseReleaseEvent(QMouseEvent*)
{
    m_dragTimer.stop();
    // A click at the tail is no reason to leave it.
    if (!hasSelection())
        scrolled();
}

void LogView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_store.isEmpty())
        return;
    const Place place = placeAt(event->pos());
    const AnsiLinePtr line = m_store.line(place.line);
    const auto inWord = [&](int unit) {
        const QChar c = line->text.at(unit);
        return c.isLetterOrNumber() || c.isSurrogate() || QStringLiteral("_-./~+@%").contains(c);
    };
    int from = std::min(line->unitAt(place.column), int(line->text.size()));
    int to = from;
    while (from > 0 && inWord(from - 1))
        --from;
    while (to < line->text.size() && inWord(to))
        ++to;
    setSelection({place.line, line->columnAt(from)}, {place.line, line->columnAt(to)});
}

bool LogView::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || m_store.isEmpty())
        return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const std::uint64_t line = placeAt(help->pos()).line;
    const bool onSign = help->pos().x() < gutterWidth() && lineRect(line).contains(help->pos());
    const QString words = onSign && m_store.stream(line) == LogStream::Error ? tr("Written to standard error")
        : m_store.line(line)->cut                                            ? tr("The line is longer; the record has all of it")
                                                                             : QString();
    QToolTip::showText(help->globalPos(), words, viewport());
    return true;
}

void LogView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    sayCaret();
    viewport()->update();
}

void LogView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace gatehouse::widgets
