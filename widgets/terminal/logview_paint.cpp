// LogView: painting. Each run of one style stands at its own column, so that no character moves another.
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"
#include "widgets/terminal/logpalette.h"
#include "widgets/terminal/logview.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

namespace {

enum Overlay : std::uint8_t { None, Hit, CurrentHit, Selected };

QColor surfaceOf(std::uint8_t overlay)
{
    const Tokens& t = tokens();
    switch (overlay) {
    case Hit:
        return t.highContrast ? t.panel : t.askTint;
    case CurrentHit:
        return t.highContrast ? t.accent : mix(t.askTint, t.ask, t.dark ? 0.35 : 0.25);
    case Selected:
        return t.highContrast ? t.text : t.accentTint;
    default:
        return t.panel;
    }
}

bool isAscii(QChar c)
{
    return c.unicode() < 0x80;
}

// The character at a unit with what is drawn over it.
int clusterEnd(const AnsiLine& line, int unit)
{
    int end = unit + 1;
    while (end < line.text.size() && !line.columns.empty() && line.columns[std::size_t(end)] == line.columns[std::size_t(unit)])
        ++end;
    return end;
}

} // namespace

// Columns of one line on the screen.
struct LogView::RowPart {
    std::uint64_t number = 0;
    AnsiLinePtr line;
    int from = 0; // columns
    int to = 0;
    int origin = 0; // the column that stands at x
    qreal x = 0;
    QRect box;
    std::vector<std::uint8_t> overlay; // of each column from … to
};

bool LogView::showsNumbers() const
{
    return m_store.hasStream(LogStream::Output) || m_store.hasStream(LogStream::Error);
}

int LogView::gutterWidth() const
{
    if (!showsNumbers())
        return px(14);
    int digits = 3;
    for (std::uint64_t lines = m_store.endLine(); lines >= 1000; lines /= 10)
        ++digits;
    return px(10) + int(std::ceil(digits * m_advance)) + px(m_store.hasStream(LogStream::Error) ? 26 : 12);
}

void LogView::paintEvent(QPaintEvent* event)
{
    const Tokens& t = tokens();
    QPainter painter(viewport());
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.fillRect(event->rect(), t.panel);
    if (m_store.isEmpty() && !m_emptyText.isEmpty()) {
        painter.setFont(textFont());
        painter.setPen(t.third);
        painter.drawText(viewport()->rect().adjusted(px(16), px(16), -px(16), -px(16)), Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap,
                         m_emptyText);
    }
    const int height = rowHeight();
    const int first = verticalScrollBar()->value() + event->rect().top() / height;
    const int last = std::min(rowCount() - 1, verticalScrollBar()->value() + event->rect().bottom() / height);
    for (int row = first; row <= last; ++row)
        paintRow(painter, m_rows.at(row), QRect(0, (row - verticalScrollBar()->value()) * height, viewport()->width(), height));
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        paintFocusRing(painter, viewport()->rect(), 3);
}

void LogView::paintRow(QPainter& painter, LogRows::Place place, const QRect& box) const
{
    const Tokens& t = tokens();
    if (m_store.stream(place.line) == LogStream::Note)
        painter.fillRect(box, t.panelSecond);
    RowPart part;
    part.number = place.line;
    part.line = m_store.line(place.line);
    part.box = box;
    const int gutter = gutterWidth();
    const int shift = horizontalScrollBar()->value();
    bool last = true; // of the line's rows
    if (wraps()) {
        const std::vector<int> starts = m_rows.starts(m_store, place.line);
        const auto index = std::size_t(std::min(place.row, int(starts.size()) - 1));
        part.from = part.origin = starts[index];
        last = index + 1 == starts.size();
        part.to = last ? part.line->width : starts[index + 1];
    } else {
        part.from = int(shift / m_advance);
        part.to = std::min(part.line->width, part.from + int(box.width() / m_advance) + 2);
    }
    part.x = gutter - shift;
    part.overlay = overlays(part);
    painter.save();
    painter.setClipRect(box.adjusted(gutter - px(2), 0, 0, 0), Qt::IntersectClip);
    if (part.from < part.to)
        paintText(painter, part);
    last = last && part.to >= part.line->width;
    if (last && part.line->cut) {
        painter.setFont(textFont(TextSize::Caption));
        painter.setPen(t.second);
        const int gap = wraps() ? 0 : 1;
        painter.drawText(QPointF(part.x + (part.line->width - part.origin + gap) * m_advance, box.bottom() - px(5)), cutNotice());
    }
    const bool caretHere = m_caret.line == place.line && m_caret.column >= part.from && (m_caret.column < part.to || last);
    if (caretHere && hasFocus())
        painter.fillRect(QRectF(part.x + (m_caret.column - part.origin) * m_advance, box.top() + 2, px(2), box.height() - 4), t.accent);
    painter.restore();
    if (gutter - shift > 0 || wraps())
        paintGutter(painter, place, box);
}

void LogView::paintGutter(QPainter& painter, LogRows::Place place, const QRect& box) const
{
    const Tokens& t = tokens();
    if (!showsNumbers())
        return;
    const int gutter = gutterWidth();
    const LogStream stream = m_store.stream(place.line);
    const QRect sign(box.left() + gutter - px(22), box.top(), px(16), box.height());
    painter.fillRect(QRect(box.left(), box.top(), gutter - px(4), box.height()), stream == LogStream::Note ? t.panelSecond : t.panel);
    if (stream == LogStream::Error) {
        painter.fillRect(sign, t.denyTint);
        painter.fillRect(QRect(sign.left(), box.top(), px(2), box.height()), t.deny);
    }
    if (place.row > 0)
        return;
    painter.setFont(monoFont(TextSize::Caption));
    painter.setPen(place.line == m_caret.line && hasFocus() ? t.text : t.third);
    const int right = m_store.hasStream(LogStream::Error) ? sign.left() - px(4) : box.left() + gutter - px(12);
    painter.drawText(QRect(box.left(), box.top(), right - box.left(), box.height()), Qt::AlignRight | Qt::AlignVCenter,
                     QString::number(place.line + 1));
    if (stream == LogStream::Error) {
        QFont bold = monoFont();
        bold.setWeight(QFont::Bold);
        painter.setFont(bold);
        painter.setPen(t.deny);
        painter.drawText(sign.adjusted(px(2), 0, 0, 0), Qt::AlignCenter, QStringLiteral("!"));
    }
}

QString LogView::cutNotice()
{
    return tr("… the line is longer");
}

qreal LogView::cutNoticeWidth()
{
    return QFontMetricsF(textFont(TextSize::Caption)).horizontalAdvance(cutNotice());
}

std::vector<std::uint8_t> LogView::overlays(const RowPart& part) const
{
    std::vector<std::uint8_t> overlay(std::size_t(std::max(0, part.to - part.from)), None);
    const auto fill = [&](int from, int to, std::uint8_t kind) {
        for (int column = std::max(from, part.from); column < std::min(to, part.to); ++column)
            overlay[std::size_t(column - part.from)] = kind;
    };
    const std::vector<LogHit>& hits = m_search.hits();
    const auto first = std::ranges::lower_bound(hits, part.number, {}, &LogHit::line);
    for (auto hit = first; hit != hits.end() && hit->line == part.number; ++hit)
        fill(hit->column, hit->column + hit->columns, Hit);
    const Place from = selectionStart();
    const Place to = selectionEnd();
    if (hasSelection() && from.line <= part.number && part.number <= to.line)
        fill(from.line == part.number ? from.column : 0, to.line == part.number ? to.column : part.to,
             currentHit() >= 0 ? CurrentHit : Selected);
    return overlay;
}

void LogView::paintText(QPainter& painter, const RowPart& part) const
{
    static const AnsiStyle unstyled;
    const AnsiLine& line = *part.line;
    const int last = line.unitAt(part.to);
    const auto isLater = [](int unit, const AnsiSpan& span) { return unit < span.start; };
    for (int unit = line.unitAt(part.from); unit < last;) {
        const auto next = std::upper_bound(line.spans.begin(), line.spans.end(), unit, isLater);
        const AnsiStyle& style = line.spans.empty() ? unstyled : (next - 1)->style;
        const int styleEnd = next == line.spans.end() ? last : std::min(last, next->start);
        const auto overlayAt = [&](int at) {
            return part.overlay[std::size_t(std::clamp(line.columnAt(at), part.from, part.to - 1) - part.from)];
        };
        const std::uint8_t overlay = overlayAt(unit);
        int end = clusterEnd(line, unit);
        // A character of another font may be of any width: it is drawn alone.
        if (isAscii(line.text.at(unit)) && end == unit + 1)
            while (end < styleEnd && isAscii(line.text.at(end)) && overlayAt(end) == overlay && clusterEnd(line, end) == end + 1)
                ++end;
        paintRun(painter, part, unit, end, style, overlay);
        unit = end;
    }
}

void LogView::paintRun(QPainter& painter, const RowPart& part, int from, int to, const AnsiStyle& style, std::uint8_t overlay) const
{
    const Tokens& t = tokens();
    const int column = part.line->columnAt(from);
    const int columns = (to < part.line->text.size() ? part.line->columnAt(to) : part.line->width) - column;
    const QRectF place(part.x + (column - part.origin) * m_advance, part.box.top(), columns * m_advance, part.box.height());
    const QColor surface = surfaceOf(overlay);
    LogInk ink = logInk(style, surface);
    // A selection must be seen on every ground.
    if (overlay != None)
        ink = {readable(ink.ink, surface), surface};
    if (ink.ground.isValid())
        painter.fillRect(QRectF(QPointF(std::floor(place.left()), place.top()), QPointF(std::ceil(place.right()), place.bottom())),
                         ink.ground);
    if (overlay == Hit && t.highContrast)
        painter.fillRect(QRectF(place.left(), place.bottom() - 2, place.width(), 2), t.accent);
    const QString text = part.line->text.mid(from, to - from);
    QFont font = monoFont();
    font.setItalic(style.has(AnsiStyle::Italic));
    font.setUnderline(style.has(AnsiStyle::Underline) || style.has(AnsiStyle::Mark));
    if (style.has(AnsiStyle::Bold))
        font.setWeight(QFont::Bold);
    painter.setFont(font);
    painter.setPen(m_store.stream(part.number) == LogStream::Note && style == AnsiStyle() ? t.second : ink.ink);
    const QFontMetricsF metrics(font);
    painter.drawText(QPointF(place.left(), place.top() + (place.height() - metrics.height()) / 2 + metrics.ascent()), text);
}

} // namespace gatehouse::widgets
