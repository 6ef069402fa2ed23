#include "widgets/terminal/logview.h"

#include <QFontMetricsF>
#include <QScopedValueRollback>
#include <QScrollBar>

#include "widgets/controls/tailpill.h"
#include "widgets/style/fonts.h"
#include "widgets/style/tokens.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace gatehouse::widgets {

// Between two looks at the clock.
static constexpr std::size_t bytesPerLook = 1024;

LogView::LogView(LogLimits limits, QWidget* parent)
    : QAbstractScrollArea(parent), m_store(limits), m_search(m_store), m_pill(new TailPill(TailPill::Of::Lines, this))
{
    makeAccessible(); // first: a name that is set makes a face, and Qt keeps it
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setCursor(Qt::IBeamCursor);
    setAccessibleName(tr("Output"));
    horizontalScrollBar()->setLayoutDirection(Qt::LeftToRight); // as the text
    measure();
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &LogView::scrolled);
    connect(m_pill, &TailPill::clicked, this, &LogView::followTail);
    connect(&m_search, &LogSearch::changed, this, [this] { viewport()->update(); });
}

int LogView::rowHeight() const
{
    return px(19);
}

void LogView::measure()
{
    m_advance = std::max(1.0, QFontMetricsF(monoFont()).horizontalAdvance(u'0'));
}

void LogView::take(std::vector<LogPiece> pieces)
{
    std::ranges::move(pieces, std::back_inserter(m_waiting));
    takeUntil(QDeadlineTimer(sliceMilliseconds));
}

void LogView::append(LogStream stream, std::string_view bytes)
{
    m_waiting.push_back({stream, std::string(bytes)});
    takeUntil(QDeadlineTimer(QDeadlineTimer::Forever));
}

void LogView::takeUntil(QDeadlineTimer deadline)
{
    const std::uint64_t before = m_store.endLine();
    while (!m_waiting.empty()) {
        const LogPiece& piece = m_waiting.front();
        if (piece.fresh && m_waitingFrom == 0)
            m_store.beginAnew();
        const std::string_view part = std::string_view(piece.bytes).substr(m_waitingFrom, bytesPerLook);
        m_store.append(piece.stream, part);
        m_waitingFrom += part.size();
        if (m_waitingFrom == piece.bytes.size()) {
            m_waiting.pop_front();
            m_waitingFrom = 0;
        }
        if (deadline.hasExpired())
            break;
    }
    follow(before);
    if (!m_waiting.empty())
        return m_takeTimer.start(0, this);
    m_takeTimer.stop();
    Q_EMIT taken();
}

void LogView::follow(std::uint64_t linesBefore)
{
    for (std::uint64_t line = std::max(linesBefore == 0 ? 0 : linesBefore - 1, m_store.firstLine()); line < m_store.endLine(); ++line) {
        m_widest = std::max(m_widest, m_store.width(line));
        if (m_store.isCut(line))
            m_widestCut = std::max(m_widestCut, m_store.width(line));
    }
    layOut();
    m_anchor = clamped(m_anchor);
    m_caret = clamped(m_caret);
    m_search.follow();
    sayUnseen();
    viewport()->update();
    Q_EMIT storeChanged();
}

void LogView::clear()
{
    m_waiting.clear();
    m_waitingFrom = 0;
    m_takeTimer.stop();
    m_store.clear();
    m_widest = m_widestCut = 0;
    m_caret = m_anchor = {};
    m_goalColumn = -1;
    m_top.reset();
    m_currentHit.reset();
    m_seenLines = 0;
    m_following = true;
    m_search.restart();
    layOut();
    sayUnseen();
    viewport()->update();
    Q_EMIT storeChanged();
}

void LogView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

int LogView::columnsForWrapping() const
{
    if (m_wrapping == Wrapping::Off)
        return 0;
    // The room of one column is left free, for a wide character at a row's end.
    return std::max(16, int((viewport()->width() - gutterWidth() - px(8)) / m_advance) - 1);
}

LogView::Place LogView::topPlace() const
{
    if (m_top || m_rows.count() == 0)
        return m_top.value_or(Place());
    const LogRows::Place top = m_rows.at(std::clamp(verticalScrollBar()->value(), 0, m_rows.count() - 1));
    const std::vector<int> starts = m_rows.starts(m_store, top.line);
    return {top.line, starts[std::size_t(std::min(top.row, int(starts.size()) - 1))]};
}

// Rows for another number of columns take the place of the old ones when there are all of them: of a long log after some events.
void LogView::layOut()
{
    const Place top = topPlace();
    m_rows.follow(m_store);
    const int columns = columnsForWrapping();
    if (columns == m_rows.columns()) {
        m_nextRows.reset();
    } else {
        if (!m_nextRows || m_nextRows->columns() != columns)
            m_nextRows.emplace(columns);
        if (m_nextRows->follow(m_store, QDeadlineTimer(sliceMilliseconds)))
            m_rows = *std::exchange(m_nextRows, std::nullopt);
    }
    if (m_nextRows)
        m_layTimer.start(0, this);
    else
        m_layTimer.stop();
    updateScrollBars();
    if (m_following)
        return m_top.reset();
    m_top = top;
    m_scrollingOurselves = true;
    verticalScrollBar()->setValue(rowOf(top));
    m_scrollingOurselves = false;
}

void LogView::updateScrollBars()
{
    const QScopedValueRollback ourselves(m_scrollingOurselves, true); // a bar that comes or goes lays out anew from within
    const int page = std::max(1, viewport()->height() / rowHeight());
    verticalScrollBar()->setRange(0, std::max(0, rowCount() - page));
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setSingleStep(1);
    const qreal cut = m_widestCut == 0 ? 0 : (m_widestCut + 1) * m_advance + cutNoticeWidth();
    const int width = gutterWidth() + int(std::ceil(std::max(m_widest * m_advance, cut) + 2 * m_advance));
    horizontalScrollBar()->setRange(0, wraps() ? 0 : std::max(0, width - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(int(m_advance * 4));
    if (m_following) {
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
        m_seenLines = m_store.endLine();
    }
}

// By the person.
void LogView::scrolled()
{
    if (m_scrollingOurselves)
        return;
    m_top.reset();
    m_following = verticalScrollBar()->value() >= verticalScrollBar()->maximum();
    if (m_following)
        m_seenLines = m_store.endLine();
    sayUnseen();
}

// To show something: that this is the last row is no wish to follow what comes behind it.
void LogView::scrollToRow(int row)
{
    m_top.reset();
    m_scrollingOurselves = true;
    verticalScrollBar()->setValue(row);
    m_scrollingOurselves = false;
    m_following = m_following && verticalScrollBar()->value() >= verticalScrollBar()->maximum();
    sayUnseen();
}

std::uint64_t LogView::unseenLines() const
{
    return m_store.endLine() - std::min(m_seenLines, m_store.endLine());
}

void LogView::followTail()
{
    m_following = true;
    m_top.reset();
    updateScrollBars();
    sayUnseen();
    viewport()->update();
}

void LogView::sayUnseen()
{
    const auto lines = int(std::min<std::uint64_t>(unseenLines(), 1'000'000'000));
    if (m_following || lines == 0)
        return m_pill->hide();
    m_pill->offer(lines);
}

void LogView::setWrapping(Wrapping wrapping)
{
    if (m_wrapping == wrapping)
        return;
    m_wrapping = wrapping;
    setHorizontalScrollBarPolicy(wrapping == Wrapping::On ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    layOut();
    viewport()->update();
    Q_EMIT wrappingChanged();
}

QString LogView::spokenLine(std::uint64_t line) const
{
    const AnsiLinePtr shown = m_store.line(line);
    QString text = shown->cut ? tr("%1 … the line is longer").arg(shown->text) : shown->text;
    switch (m_store.stream(line)) {
    case LogStream::Error:
        return tr("standard error: %1").arg(text);
    case LogStream::Note:
        return tr("note: %1").arg(text);
    default:
        return text;
    }
}

QRect LogView::lineRect(std::uint64_t line) const
{
    if (line < m_store.firstLine() || line >= m_store.endLine())
        return {};
    const int first = m_rows.rowOf(line) - verticalScrollBar()->value();
    const int rows = std::max(1, m_rows.rowOf(line + 1) - m_rows.rowOf(line));
    if (first > viewport()->height() / rowHeight() + 1 || first + rows < 0)
        return {};
    return QRect(0, first * rowHeight(), viewport()->width(), rows * rowHeight()) & viewport()->rect();
}

QSize LogView::sizeHint() const
{
    return {px(420), rowHeight() * 12};
}

QSize LogView::minimumSizeHint() const
{
    return {px(120), rowHeight() * 2};
}

void LogView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void LogView::scrollContentsBy(int, int)
{
    viewport()->update();
}

void LogView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        measure();
        layOut();
    }
    viewport()->update();
}

} // namespace gatehouse::widgets
