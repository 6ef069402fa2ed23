// Sizes and fonts of the canvas, in scene units: pixels at 100 %. The cards have core's nodeSize(), whatever the desktop's font.
#pragma once

#include <QFont>

#include "widgets/style/fonts.h"

#include <cstddef>

namespace gatehouse::widgets::CanvasMetrics {

inline constexpr qreal grid = 8;
inline constexpr qreal dotStep = 24;
inline constexpr qreal textLeft = 18;
inline constexpr qreal textRight = 12;
inline constexpr qreal markRoom = 62; // of the entry's mark, beside the name
inline constexpr qreal portRadius = 3.5;
inline constexpr qreal portReach = 11; // of the pointer, in pixels
inline constexpr qreal leastZoom = 0.25;
inline constexpr qreal mostZoom = 4;
// Beneath these, text is left out: 11 px would stand at less than 7.
inline constexpr qreal smallTextZoom = 0.62;
inline constexpr qreal nameZoom = 0.34;
inline constexpr std::size_t mostFineWires = 120;

inline QFont sized(int pixels, QFont::Weight weight)
{
    QFont font = textFont(TextSize::Base, weight);
    font.setPixelSize(pixels);
    return font;
}
inline QFont titleFont()
{
    return sized(14, QFont::DemiBold);
}
inline QFont largeFont()
{
    return sized(22, QFont::DemiBold);
}
inline QFont smallFont()
{
    return sized(12, QFont::Normal);
}

} // namespace gatehouse::widgets::CanvasMetrics
