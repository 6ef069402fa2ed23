// The ruler of a TimelineView and the lines that go down from it.
#include "widgets/timeline/timelineview.h"

#include <QPainter>
#include <QStyle>

#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"

#include <algorithm>

namespace gatehouse::widgets {

QColor TimelineView::gridColour()
{
    const Tokens& t = tokens();
    return t.highContrast ? mix(t.panel, t.text, 0.35) : t.lineFaint;
}

// Those whose words have room before the end, and none after now.
std::vector<RulerMark> TimelineView::shownMarks(int width) const
{
    const QFontMetrics metrics(textFont(TextSize::Caption));
    const double spacing = metrics.horizontalAdvance(QStringLiteral("00:00:00")) + px(22);
    std::vector<RulerMark> marks = rulerMarks(m_lanes.scale(), m_window, width, spacing, m_times);
    const double now = m_live ? m_window.pixelOf(m_lanes.scale(), m_lanes.nowMs()) : width;
    std::erase_if(marks, [&](const RulerMark& mark) {
        return mark.pixel > now || mark.pixel + px(4) + metrics.horizontalAdvance(mark.text) > width - px(4);
    });
    return marks;
}

void TimelineView::paintGrid(QPainter& painter, const QRect& dirty) const
{
    const QRect plot = plotRect().adjusted(0, rulerHeight(), 0, 0);
    for (const RulerMark& mark : shownMarks(plot.width()))
        paintRule(painter, QRectF(plot.left() + mark.pixel, plot.top(), 1, plot.height()) & QRectF(dirty), Qt::LeftEdge, gridColour());
    for (const RulerBreak& each : rulerBreaks(m_lanes.scale(), m_window, plot.width())) {
        const QRectF band(plot.left() + each.left, plot.top(), std::max(1.0, each.right - each.left), plot.height());
        painter.fillRect(band & QRectF(plot) & QRectF(dirty),
                         QBrush(tokens().highContrast ? gridColour() : tokens().line, Qt::BDiagPattern));
    }
}

void TimelineView::paintRuler(QPainter& painter) const
{
    const Tokens& t = tokens();
    const QRect ruler(0, 0, viewport()->width(), rulerHeight());
    painter.fillRect(ruler, t.panel);
    paintRule(painter, ruler, Qt::BottomEdge, t.lineFaint);
    const QRect plot(plotRect().left(), 0, plotRect().width(), rulerHeight());
    painter.save();
    painter.setClipRect(plot, Qt::IntersectClip);
    painter.setFont(textFont(TextSize::Caption));
    const QFontMetrics metrics(painter.font());
    const std::vector<RulerBreak> breaks = rulerBreaks(m_lanes.scale(), m_window, plot.width());
    const double nowPixel = m_window.pixelOf(m_lanes.scale(), m_lanes.nowMs());
    const QString now = tr("now");
    const double nowFrom = m_live ? nowPixel - px(4) : 1e9;
    const double nowTo = nowPixel + metrics.horizontalAdvance(now) + px(8);
    const auto isFree = [&](double from, double to) {
        // Only where a break has words of its own; others are a mark below the line of the words.
        const bool broken = std::ranges::any_of(
            breaks, [&](const RulerBreak& each) { return each.right - each.left >= px(40) && from < each.right && to > each.left; });
        return !broken && !(from < nowTo && to > nowFrom);
    };
    double wordsEnd = 0;
    for (const RulerMark& mark : shownMarks(plot.width())) {
        const double left = plot.left() + mark.pixel;
        paintRule(painter, QRectF(left, plot.bottom() - px(5), 1, px(5)), Qt::LeftEdge, gridColour());
        const double end = mark.pixel + px(4) + metrics.horizontalAdvance(mark.text);
        if (mark.pixel < wordsEnd || !isFree(mark.pixel, end))
            continue;
        wordsEnd = end + px(4);
        painter.setPen(t.second);
        painter.drawText(QPointF(left + px(4), (plot.height() + metrics.ascent() - metrics.descent()) / 2.0), mark.text);
    }
    for (const RulerBreak& each : breaks) {
        const QRectF box(plot.left() + each.left, 0, each.right - each.left, plot.height());
        // Two slanted strokes, as on a broken axis; beside them how much was taken, where there is room.
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(t.second, 1.25));
        const double x = box.center().x();
        const double y = box.bottom() - px(4);
        for (const double dx : {-px(2), px(2)})
            painter.drawLine(QPointF(x + dx - px(2), y + px(3)), QPointF(x + dx + px(2), y - px(3)));
        painter.setRenderHint(QPainter::Antialiasing, false);
        QString text = tr("squeezed %1").arg(shownStretch(each.taken));
        if (metrics.horizontalAdvance(text) > box.width())
            text = shownStretch(each.taken);
        if (box.width() >= px(40) && metrics.horizontalAdvance(text) <= box.width())
            painter.drawText(QRectF(box.left(), 0, box.width(), box.height() - px(8)), int(Qt::AlignCenter) | Qt::TextSingleLine, text);
    }
    if (m_live && nowPixel >= 0 && nowPixel <= plot.width()) {
        painter.setPen(t.accentTintText);
        painter.drawText(QPointF(plot.left() + std::min(nowPixel + px(4), plot.width() - metrics.horizontalAdvance(now) - 2.0),
                                 (plot.height() + metrics.ascent() - metrics.descent()) / 2.0),
                         now);
    }
    painter.restore();
    // The corner says what the ruler counts.
    painter.setFont(textFont(TextSize::Caption));
    painter.setPen(t.third);
    const QRect corner = labelsRect().intersected(ruler).adjusted(px(14), 0, -px(8), 0);
    const QString words = m_times == RulerTimes::Elapsed ? tr("since the start") : tr("local time");
    painter.drawText(corner, int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft)) | Qt::AlignVCenter | Qt::TextSingleLine,
                     metrics.elidedText(words, Qt::ElideRight, corner.width()));
}

} // namespace gatehouse::widgets
