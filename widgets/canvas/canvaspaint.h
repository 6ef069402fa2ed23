// How the canvas's cards, wires and ground are painted. Scene coordinates; the painter is scaled to the zoom. GUI thread.
//
// Level of detail: what would be illegible is left out, and what is small is painted without antialiasing (canvasmetrics.h).
#pragma once

#include <QColor>

#include "widgets/canvas/canvasscene.h"

class QPainter;

namespace gatehouse::widgets {

enum class CardLook {
    Plain,
    Target,       // a wire that is being drawn may end here
    ChosenTarget, // it will
    Refusing,     // it may not
};

struct CardState {
    CardLook look = CardLook::Plain;
    bool selected = false;
    bool focused = false; // the current node of a canvas that has the keyboard
    bool ports = false;   // show where wires are drawn from
};

struct WireState {
    bool selected = false;
    bool lit = false; // an end is selected
    bool hovered = false;
};

[[nodiscard]] QColor nodeInk(authoring::NodeKind kind);
[[nodiscard]] QColor wireInk(const CanvasWire& wire);

void paintGround(QPainter& painter, const QRect& area, const QPointF& offset, qreal zoom);
void paintCard(QPainter& painter, const CanvasNode& node, const CardState& state, qreal zoom);
void paintWire(QPainter& painter, const CanvasWire& wire, const WireState& state, qreal zoom);
void paintPorts(QPainter& painter, const CanvasWire& wire, const WireState& state);
// Above all wires: text on a patch of the ground.
void paintWireLabel(QPainter& painter, const CanvasWire& wire, qreal zoom);
// Of a wire that is being drawn.
void paintLooseWire(QPainter& painter, const QPointF& from, const QPointF& to, bool allowed);

} // namespace gatehouse::widgets
