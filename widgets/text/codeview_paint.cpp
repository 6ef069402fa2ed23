#include "widgets/text/codeview.h"

#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"
#include "widgets/text/codepaint.h"

#include <algorithm>

namespace gatehouse::widgets {

namespace {

// Without wrapping only this many characters of a row are laid out, from the first that shows.
constexpr int longestPaintedRun = 1024;

} // namespace

void CodeView::paintEvent(QPaintEvent* event)
{
    const Tokens& t = tokens();
    QPainter painter(viewport());
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.fillRect(event->rect(), t.panel);
    painter.setFont(monoFont());
    if (m_lines.empty() && !m_emptyText.isEmpty()) {
        painter.setFont(textFont());
        painter.setPen(t.third);
        painter.drawText(viewport()->rect().adjusted(px(16), px(16), -px(16), -px(16)), Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap,
                         m_emptyText);
    }
    const int height = rowHeight();
    const int first = verticalScrollBar()->value() + event->rect().top() / height;
    const int last = std::min(rowCount() - 1, verticalScrollBar()->value() + event->rect().bottom() / height);
    for (int i = first; i <= last; ++i) {
        const QRect box(0, (i - verticalScrollBar()->value()) * height, viewport()->width(), height);
        paintRow(painter, m_rows[std::size_t(i)], box);
    }
    noteSeen();
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        paintFocusRing(painter, viewport()->rect(), 3);
}

void CodeView::paintRow(QPainter& painter, const Row& row, const QRect& box) const
{
    const Tokens& t = tokens();
    const CodeLine& line = m_lines[std::size_t(row.line)];
    painter.fillRect(box, lineGround(line.tone));
    if (line.tone == LineTone::Heading)
        paintRule(painter, box, Qt::BottomEdge, t.lineFaint);
    if (isSelected(row.line)) {
        painter.fillRect(box, t.highContrast ? t.panel : mix(lineGround(line.tone), t.accent, 0.14));
        painter.fillRect(QRect(0, box.top(), px(3), box.height()), t.accent);
    }
    const int gutter = gutterWidth() - horizontalScrollBar()->value();
    painter.save();
    painter.setClipRect(box.adjusted(line.tone == LineTone::Heading ? 0 : std::max(0, gutter - px(2)), 0, 0, 0), Qt::IntersectClip);
    const qreal baseline = box.top() + (box.height() - painter.fontMetrics().height()) / 2.0;
    paintText(painter, line, row, QPointF(line.tone == LineTone::Heading ? px(12) : gutter, baseline));
    painter.restore();
    if (row.start == 0 && gutter > -box.width())
        paintGutter(painter, line, box.translated(-horizontalScrollBar()->value(), 0));
}

void CodeView::paintGutter(QPainter& painter, const CodeLine& line, const QRect& box) const
{
    const Tokens& t = tokens();
    const bool strong = line.tone == LineTone::Added || line.tone == LineTone::Removed;
    painter.setPen(strong ? t.second : t.third);
    int x = px(12);
    const int label = m_fixedLabelWidth > 0 ? m_fixedLabelWidth : m_labelWidth;
    if (label > 0) {
        painter.drawText(QRect(x, box.top(), label, box.height()).translated(box.left(), 0),
                         int(m_fixedLabelWidth > 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, line.label);
        x += label + px(12);
    }
    if (m_label2Width > 0) {
        painter.drawText(QRect(box.left() + x, box.top(), m_label2Width, box.height()), Qt::AlignRight | Qt::AlignVCenter, line.label2);
        x += m_label2Width + px(10);
    }
    if (!line.sign.isNull())
        painter.drawText(QRect(box.left() + x - px(2), box.top(), px(12), box.height()), Qt::AlignCenter, QString(line.sign));
}

void CodeView::paintText(QPainter& painter, const CodeLine& line, const Row& row, QPointF origin) const
{
    int start = row.start;
    int length = row.length;
    if (length > longestPaintedRun) {
        const qreal advance = QFontMetricsF(monoFont()).horizontalAdvance(u'0');
        const int skipped = std::max(0, int((horizontalScrollBar()->value() - px(20)) / advance));
        start += std::min(skipped, length);
        length = std::min(longestPaintedRun, row.length - (start - row.start));
        origin.rx() += advance * (start - row.start);
    }
    paintCode(painter, line, start, length, origin);
}

} // namespace gatehouse::widgets
