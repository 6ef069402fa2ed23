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
    const int first = m_rows.rowOf(place.line);
    if (m_wrapping == Wrapping::Off)
        return first;
    const std::vector<int> starts = m_rows.starts(m_store, place.line);
    return first + int(std::ranges::upper_bound(starts, place.column) - starts.begin()) - 1;
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
        verticalScrollBar()->setValue(row);
    else if (row >= verticalScrollBar()->value() + page)
        verticalScrollBar()->setValue(row - page + 1);
    if (m_wrapping == Wrapping::Off) {
        const int x = int(place.column * m_advance);
        const int room = viewport()->width() - gutterWidth() - px(16);
        if (x < horizontalScrollBar()->value())
            horizontalScrollBar()->setValue(std::max(0, x - room / 4));
        else if (x > horizontalScrollBar()->value() + room)
            horizontalScrollBar()->setValue(x - room);
    }
    viewport()->update();
}

void LogView::moveCaret(Place to, bool extend)
{
    m_caret = clamped(to);
    if (!extend)
        m_anchor = m_caret;
    m_currentHit = -1;
    showPlace(m_caret);
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
    const auto lines = [&](std::int64_t count) {
        const auto target = std::int64_t(m_caret.line) + count;
        moveCaret({std::uint64_t(std::max<std::int64_t>(target, std::int64_t(m_store.firstLine()))), m_caret.column}, extend);
        if (target >= std::int64_t(m_store.endLine()) - 1)
            followTail();
    };
    const int page = verticalScrollBar()->pageStep();
    switch (event->key()) {
    case Qt::Key_Down:
        lines(1);
        return true;
    case Qt::Key_Up:
        lines(-1);
        return true;
    case Qt::Key_PageDown:
        lines(page);
        return true;
    case Qt::Key_PageUp:
        lines(-page);
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
    if (event->key() == Qt::Key_Escape && hasSelection())
        return select(m_caret, m_caret);
    if (m_store.isEmpty() || !moveByKey(event))
        event->ignore();
}

void LogView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_store.isEmpty())
        return;
    const Place place = placeAt(event->pos());
    m_dragsLines = event->pos().x() < gutterWidth() - horizontalScrollBar()->value();
    m_currentHit = -1;
    if (!(event->modifiers() & Qt::ShiftModifier))
        m_anchor = m_dragsLines ? Place{place.line, 0} : place;
    dragTo(event->pos());
}

void LogView::dragTo(QPoint position)
{
    m_caret = placeAt(position);
    if (m_dragsLines) {
        const bool down = m_caret.line >= m_anchor.line;
        m_anchor = clamped({m_anchor.line, down ? 0 : m_store.width(m_anchor.line)});
        m_caret = clamped({m_caret.line, down ? m_store.width(m_caret.line) : 0});
    }
    // What is being selected must not run away under the pointer.
    if (hasSelection() && m_following && verticalScrollBar()->maximum() > 0)
        m_following = false;
    viewport()->update();
}

void LogView::mouseMoveEvent(QMouseEvent* event)
{
    if (!(event->buttons() & Qt::LeftButton) || m_store.isEmpty())
        return;
    m_dragPosition = event->pos();
    dragTo(event->pos());
    const bool outside = event->pos().y() < 0 || event->pos().y() >= viewport()->height();
    if (outside && m_dragTimer == 0)
        m_dragTimer = startTimer(dragMilliseconds);
}

void LogView::timerEvent(QTimerEvent* event)
{
    if (event->timerId() != m_dragTimer)
        return QAbstractScrollArea::timerEvent(event);
    const int y = m_dragPosition.y();
    const int rows = y < 0 ? y / rowHeight() - 1 : y >= viewport()->height() ? (y - viewport()->height()) / rowHeight() + 1 : 0;
    verticalScrollBar()->setValue(verticalScrollBar()->value() + rows);
    dragTo(m_dragPosition);
}

void LogView::mouseReleaseEvent(QMouseEvent*)
{
    if (m_dragTimer != 0)
        killTimer(std::exchange(m_dragTimer, 0));
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
    select({place.line, line->columnAt(from)}, {place.line, line->columnAt(to)});
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
    viewport()->update();
}

void LogView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace gatehouse::widgets
