// The few shapes that everything is painted with; rules are snapped to device pixels so that 1.25× looks even.
#pragma once

#include <QColor>
#include <QRectF>

class QPainter;

namespace gatehouse::widgets {

// A rounded rectangle inset by half its pen; an invalid colour leaves that part out.
void paintRoundedRect(QPainter& painter, const QRectF& rect, qreal radius, const QColor& fill, const QColor& border, qreal width = 1);
// The line around what can be written in: it must be found also where nothing stands in it.
[[nodiscard]] QColor fieldLine();
// Rules of one token line width along an edge of rect.
void paintRule(QPainter& painter, const QRectF& rect, Qt::Edge edge, const QColor& colour, qreal width = 1);
// The 2 px accent ring inside rect that every focused control has.
void paintFocusRing(QPainter& painter, const QRectF& rect, qreal radius = 6);
// The same inside of what is filled with the accent.
void paintFocusRingOnAccent(QPainter& painter, const QRectF& rect, qreal radius = 6);

} // namespace gatehouse::widgets
