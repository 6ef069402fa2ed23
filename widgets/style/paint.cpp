#include "widgets/style/paint.h"

#include <QPaintDevice>
#include <QPainter>

#include "widgets/style/tokens.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

void paintRoundedRect(QPainter& painter, const QRectF& rect, qreal radius, const QColor& fill, const QColor& border, qreal width)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(border.isValid() ? QPen(border, width) : QPen(Qt::NoPen));
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    const qreal inset = border.isValid() ? width / 2 : 0;
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius);
    painter.restore();
}

QColor fieldLine()
{
    const Tokens& t = tokens();
    return t.highContrast ? t.line : mix(t.line, t.third, 0.5);
}

void paintRule(QPainter& painter, const QRectF& rect, Qt::Edge edge, const QColor& colour, qreal width)
{
    const qreal ratio = painter.device()->devicePixelRatioF();
    const qreal thickness = std::max(1.0, std::floor(width * ratio)) / ratio;
    const auto snap = [ratio](qreal v) { return std::round(v * ratio) / ratio; };
    switch (edge) {
    case Qt::TopEdge:
        painter.fillRect(QRectF(rect.left(), snap(rect.top()), rect.width(), thickness), colour);
        break;
    case Qt::BottomEdge:
        painter.fillRect(QRectF(rect.left(), snap(rect.bottom()) - thickness, rect.width(), thickness), colour);
        break;
    case Qt::LeftEdge:
        painter.fillRect(QRectF(snap(rect.left()), rect.top(), thickness, rect.height()), colour);
        break;
    case Qt::RightEdge:
        painter.fillRect(QRectF(snap(rect.right()) - thickness, rect.top(), thickness, rect.height()), colour);
        break;
    }
}

void paintFocusRing(QPainter& painter, const QRectF& rect, qreal radius)
{
    // Where all lines are thick, this one has to be thicker.
    paintRoundedRect(painter, rect, radius, {}, tokens().accent, 2 * tokens().lineWidth);
}

void paintFocusRingOnAccent(QPainter& painter, const QRectF& rect, qreal radius)
{
    paintRoundedRect(painter, rect.adjusted(3, 3, -3, -3), std::max(0.0, radius - 3), {}, tokens().onAccent, 2);
}

} // namespace gatehouse::widgets
