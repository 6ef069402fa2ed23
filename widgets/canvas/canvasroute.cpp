// Where wires leave and arrive, and their curves.
#include "widgets/canvas/canvasscene.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

using namespace authoring;

std::vector<CanvasSide> CanvasScene::portsOf(NodeKind kind)
{
    if (kind == NodeKind::Agent)
        return {CanvasSide::Left, CanvasSide::Right, CanvasSide::Bottom};
    return {kind == NodeKind::Data ? CanvasSide::Right : CanvasSide::Left};
}

QPointF CanvasScene::portAt(const QRectF& rect, CanvasSide side)
{
    switch (side) {
    case CanvasSide::Left:
        return {rect.left(), rect.center().y()};
    case CanvasSide::Right:
        return {rect.right(), rect.center().y()};
    case CanvasSide::Top:
        return {rect.center().x(), rect.top()};
    case CanvasSide::Bottom:
        break;
    }
    return {rect.center().x(), rect.bottom()};
}

QPainterPath CanvasScene::curve(const QPointF& begin, const QPointF& end, bool upright)
{
    QPainterPath path(begin);
    const QPointF away = end - begin;
    if (upright) {
        const qreal pull = std::clamp(std::abs(away.y()) / 2, 24.0, 120.0) * (away.y() < 0 ? -1 : 1);
        path.cubicTo(begin + QPointF(0, pull), end - QPointF(0, pull), end);
    } else {
        const qreal pull = away.x() > 0 ? std::max(24.0, away.x() / 2) : std::clamp(-away.x(), 60.0, 200.0);
        path.cubicTo(begin + QPointF(pull, 0), end - QPointF(pull, 0), end);
    }
    return path;
}

namespace {

struct Sides {
    CanvasSide out;
    CanvasSide in;
};

Sides sidesOf(const CanvasWire& wire, const QRectF& from, const QRectF& to)
{
    if (wire.wire.kind != WireKind::Handoff)
        return {CanvasSide::Right, CanvasSide::Left};
    if (to.top() >= from.bottom())
        return {CanvasSide::Bottom, CanvasSide::Top};
    if (to.bottom() <= from.top())
        return {CanvasSide::Top, CanvasSide::Bottom};
    return {CanvasSide::Right, CanvasSide::Left};
}

// One end of a wire at a side of a node; its place there is by where the other end is, so that wires don't cross at the card.
struct End {
    std::size_t wire = 0;
    bool begins = false;
    std::size_t node = 0;
    CanvasSide side = CanvasSide::Left;
    qreal other = 0;
    [[nodiscard]] auto key() const { return std::tuple(node, side, other, wire, begins); }
};

QPointF slot(const QRectF& rect, CanvasSide side, std::size_t place, std::size_t count)
{
    const bool level = side == CanvasSide::Left || side == CanvasSide::Right;
    const qreal room = (level ? rect.height() : rect.width()) - 20;
    const qreal step = count > 1 ? std::min(16.0, room / qreal(count - 1)) : 0;
    const qreal off = (qreal(place) - qreal(count - 1) / 2) * step;
    return CanvasScene::portAt(rect, side) + (level ? QPointF(0, off) : QPointF(off, 0));
}

} // namespace

int CanvasScene::route()
{
    std::vector<End> ends;
    ends.reserve(m_wires.size() * 2);
    std::vector<char> upright(m_wires.size(), 0);
    for (std::size_t i = 0; i < m_wires.size(); ++i) {
        const std::size_t from = *indexOf(m_wires[i].wire.from);
        const std::size_t to = *indexOf(m_wires[i].wire.to);
        const Sides sides = sidesOf(m_wires[i], m_nodes[from].rect, m_nodes[to].rect);
        upright[i] = sides.out == CanvasSide::Top || sides.out == CanvasSide::Bottom;
        const auto across = [&](std::size_t node) {
            return upright[i] ? m_nodes[node].rect.center().x() : m_nodes[node].rect.center().y();
        };
        ends.push_back({i, true, from, sides.out, across(to)});
        ends.push_back({i, false, to, sides.in, across(from)});
    }
    std::ranges::sort(ends, {}, &End::key);

    std::vector<QPointF> begins(m_wires.size());
    std::vector<QPointF> arrives(m_wires.size());
    for (std::size_t first = 0; first < ends.size();) {
        std::size_t last = first;
        while (last < ends.size() && ends[last].node == ends[first].node && ends[last].side == ends[first].side)
            ++last;
        for (std::size_t i = first; i < last; ++i)
            (ends[i].begins ? begins : arrives)[ends[i].wire] = slot(m_nodes[ends[i].node].rect, ends[i].side, i - first, last - first);
        first = last;
    }

    int routed = 0;
    for (std::size_t i = 0; i < m_wires.size(); ++i) {
        CanvasWire& wire = m_wires[i];
        if (!wire.path.isEmpty() && wire.begin == begins[i] && wire.end == arrives[i] && wire.upright == bool(upright[i]))
            continue;
        wire.begin = begins[i];
        wire.end = arrives[i];
        wire.upright = upright[i];
        wire.path = curve(wire.begin, wire.end, wire.upright);
        // Room for ports, arrow and label.
        wire.bounds = wire.path.controlPointRect().adjusted(-40, -14, 40, 14);
        ++routed;
    }
    return routed;
}

} // namespace gatehouse::widgets
