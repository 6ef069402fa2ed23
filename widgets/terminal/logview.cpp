#include "widgets/terminal/logview.h"

#include <QApplication>
#include <QClipboard>
#include <QFontMetricsF>
#include <QScrollBar>

#include "widgets/controls/tailpill.h"
#include "widgets/style/fonts.h"
#include "widgets/style/tokens.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

LogView::LogView(LogLimits limits, QWidget* parent)
    : QAbstractScrollArea(parent), m_store(limits), m_search(m_store), m_pill(new TailPill(TailPill::Of::Lines, this))
{
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setCursor(Qt::IBeamCursor);
    measure();
    makeAccessible();
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &LogView::scrolled);
    connect(m_pill, &TailPill::clicked, this, &LogView::followTail);
    connect(&m_search, &LogSearch::changed, this, [this] {
        if (m_currentHit >= int(m_search.hits().size()) || m_search.needle().isEmpty())
            m_currentHit = -1;
        viewport()->update();
    });
}

int LogView::rowHeight() const
{
    return px(19);
}

void LogView::measure()
{
    m_advance = std::max(1.0, QFontMetricsF(monoFont()).horizontalAdvance(u'0'));
}

void LogView::append(const std::vector<LogPiece>& pieces)
{
    const std::uint64_t before = m_store.endLine();
    const std::uint64_t first = m_store.firstLine();
    for (const LogPiece& piece : pieces)
        m_store.append(piece.stream, piece.bytes);
    follow(before, first);
}

void LogView::append(LogStream stream, std::string_view bytes)
{
    const std::uint64_t before = m_store.endLine();
    const std::uint64_t first = m_store.firstLine();
    m_store.append(stream, bytes);
    follow(before, first);
}

void LogView::follow(std::uint64_t linesBefore, std::uint64_t firstBefore)
{
    const int rowsGone = m_rows.rowOf(m_store.firstLine());
    for (std::uint64_t line = std::max(linesBefore == 0 ? 0 : linesBefore - 1, m_store.firstLine()); line < m_store.endLine(); ++line)
        m_widest = std::max(m_widest, m_store.width(line));
    layOut();
    // What the person looks at stays where it is while the first lines go.
    if (!m_following && m_store.firstLine() != firstBefore) {
        m_scrollingOurselves = true;
        verticalScrollBar()->setValue(verticalScrollBar()->value() - rowsGone);
        m_scrollingOurselves = false;
    }
    m_anchor = clamped(m_anchor);
    m_caret = clamped(m_caret);
    m_search.follow();
    sayUnseen();
    viewport()->update();
    Q_EMIT storeChanged();
}

void LogView::clear()
{
    m_store.clear();
    m_widest = 0;
    m_caret = m_anchor = {};
    m_currentHit = -1;
    m_seenLines = 0;
    m_following = true;
    m_search.follow();
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

void LogView::layOut()
{
    // The room of one column is left free, for a wide character at a row's end.
    const int columns = int((viewport()->width() - gutterWidth() - px(8)) / m_advance) - 1;
    m_rows.setColumns(m_wrapping == Wrapping::On ? std::max(16, columns) : 0, m_store);
    m_rows.follow(m_store);
    updateScrollBars();
}

void LogView::updateScrollBars()
{
    m_scrollingOurselves = true;
    const int page = std::max(1, viewport()->height() / rowHeight());
    verticalScrollBar()->setRange(0, std::max(0, rowCount() - page));
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setSingleStep(1);
    const int width = gutterWidth() + int(std::ceil((m_widest + 2) * m_advance));
    horizontalScrollBar()->setRange(0, m_wrapping == Wrapping::On ? 0 : std::max(0, width - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(int(m_advance * 4));
    if (m_following) {
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
        m_seenLines = m_store.endLine();
    }
    m_scrollingOurselves = false;
}

void LogView::scrolled()
{
    if (m_scrollingOurselves)
        return;
    m_following = verticalScrollBar()->value() >= verticalScrollBar()->maximum();
    if (m_following)
        m_seenLines = m_store.endLine();
    sayUnseen();
}

std::uint64_t LogView::unseenLines() const
{
    return m_store.endLine() - std::min(m_seenLines, m_store.endLine());
}

void LogView::followTail()
{
    m_following = true;
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
    const LogRows::Place top = m_rows.count() > 0 ? m_rows.at(verticalScrollBar()->value()) : LogRows::Place();
    m_wrapping = wrapping;
    setHorizontalScrollBarPolicy(wrapping == Wrapping::On ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    layOut();
    if (!m_following)
        verticalScrollBar()->setValue(m_rows.rowOf(top.line));
    viewport()->update();
    Q_EMIT wrappingChanged();
}

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
    m_anchor = clamped(from);
    m_caret = clamped(to);
    viewport()->update();
}

QString LogView::selectedText() const
{
    const auto [from, to] = std::minmax(m_anchor, m_caret);
    QString text;
    for (std::uint64_t line = from.line; line <= to.line && line < m_store.endLine() && text.size() <= longestCopy; ++line) {
        const AnsiLinePtr shown = m_store.line(line);
        const int start = line == from.line ? from.column : 0;
        const int end = line == to.line ? to.column : shown->width;
        if (line != from.line)
            text += u'\n';
        text += shown->textBetween(start, end);
    }
    return text;
}

void LogView::copy()
{
    if (!hasSelection())
        return;
    const QString text = selectedText();
    QApplication::clipboard()->setText(text.left(longestCopy));
    Q_EMIT copied(text.size() <= longestCopy);
}

bool LogView::goToHit(int direction)
{
    const std::vector<LogHit>& hits = m_search.hits();
    if (hits.empty())
        return false;
    const int count = int(hits.size());
    if (m_currentHit >= 0) {
        m_currentHit = (m_currentHit + direction + count) % count;
    } else {
        const Place start = std::min(m_anchor, m_caret);
        const auto next = std::ranges::lower_bound(hits, LogHit{start.line, start.column, 0});
        m_currentHit = next == hits.end() ? 0 : int(next - hits.begin());
    }
    const LogHit& hit = hits[std::size_t(m_currentHit)];
    m_anchor = {hit.line, hit.column};
    m_caret = {hit.line, hit.column + hit.columns};
    showPlace(m_anchor);
    showPlace(m_caret);
    return true;
}

QString LogView::spokenLine(std::uint64_t line) const
{
    const QString text = lineText(line);
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
