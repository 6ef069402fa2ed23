#include "widgets/canvas/canvaspaint.h"

#include <QPainter>

#include "widgets/canvas/canvasmetrics.h"
#include "widgets/style/icons.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

using namespace authoring;
namespace metrics = CanvasMetrics;

// Kinds are told apart by place and word as well; where contrast is high all ink is text.
QColor nodeInk(NodeKind kind)
{
    const Tokens& t = tokens();
    switch (kind) {
    case NodeKind::Agent:
        return t.accent;
    case NodeKind::Data:
        return t.highContrast ? t.text : mix(t.ok, t.accent, 0.38);
    case NodeKind::Mcp:
        return t.highContrast ? t.text : mix(t.accent, t.deny, 0.45);
    case NodeKind::Tool:
    case NodeKind::Capability:
        break;
    }
    return t.second;
}

QColor wireInk(const CanvasWire& wire)
{
    const Tokens& t = tokens();
    QColor ink = t.second;
    if (wire.broken)
        ink = t.ask;
    else if (wire.wire.kind == WireKind::Data)
        ink = nodeInk(NodeKind::Data);
    else if (wire.wire.kind == WireKind::Handoff)
        ink = t.accent;
    else if (wire.wire.to.kind == NodeKind::Mcp)
        ink = nodeInk(NodeKind::Mcp);
    return wire.wire.implied && !t.highContrast ? mix(ink, t.panelSecond, 0.25) : ink;
}

void paintGround(QPainter& painter, const QRect& area, const QPointF& offset, qreal zoom)
{
    const Tokens& t = tokens();
    painter.fillRect(area, t.panelSecond);
    if (t.highContrast)
        return;
    qreal step = metrics::dotStep * zoom;
    while (step < 14)
        step *= 2;
    const qreal left = offset.x() + std::floor((area.left() - offset.x()) / step) * step;
    const qreal top = offset.y() + std::floor((area.top() - offset.y()) / step) * step;
    const QColor ink = mix(t.panelSecond, t.third, t.dark ? 0.28 : 0.22);
    for (qreal y = top; y <= area.bottom() + 1; y += step)
        for (qreal x = left; x <= area.right() + 1; x += step)
            painter.fillRect(QRectF(std::round(x), std::round(y), 1, 1), ink);
}

namespace {

void paintFrame(QPainter& painter, const CanvasNode& node, const CardState& state, qreal zoom)
{
    const Tokens& t = tokens();
    const bool raised = state.selected || state.look == CardLook::ChosenTarget;
    const bool missing = node.missing();
    QColor border = raised ? t.accent : missing ? t.ask : mix(t.line, t.third, 0.18);
    if (state.look == CardLook::Target)
        border = t.ok;
    if (state.look == CardLook::Refusing)
        border = t.lineFaint;
    const qreal width = raised || state.look == CardLook::Target ? 2 : t.highContrast ? 2 : 1;
    const QRectF& rect = node.rect;
    const QColor fill = t.panel;
    if (zoom < metrics::nameZoom) { // no bigger than 80 × 30 pixels
        painter.fillRect(rect, raised ? t.accentTint : fill);
        painter.setPen(QPen(border, raised ? 2 / zoom : 0, missing ? Qt::DashLine : Qt::SolidLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    if (!t.highContrast && !missing && state.look != CardLook::Refusing) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(mix(t.panelSecond, t.dark ? t.window : t.text, t.dark ? 0.7 : 0.06));
        painter.drawRoundedRect(rect.translated(0, 1.6), 10, 10);
    }
    if (missing) {
        painter.setPen(QPen(border, 1.5, Qt::CustomDashLine));
        QPen pen(border, width + 0.5);
        pen.setDashPattern({4, 3});
        painter.setPen(pen);
        painter.setBrush(fill);
        painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), 9, 9);
    } else {
        paintRoundedRect(painter, rect, 9, fill, border, width);
    }
    // A second line where there are no halves of a colour, else a halo around the first.
    if (state.focused && t.highContrast)
        paintRoundedRect(painter, rect.adjusted(-4, -4, 4, 4), 13, {}, t.accent, 2);
    else if (state.focused)
        paintRoundedRect(painter, rect.adjusted(-3, -3, 3, 3), 12, {}, mix(t.panelSecond, t.accent, 0.8), 3);
}

void paintBar(QPainter& painter, const CanvasNode& node, const CardState& state, qreal zoom)
{
    const Tokens& t = tokens();
    QColor ink = node.missing() ? t.ask : nodeInk(node.id().kind);
    if (state.look == CardLook::Refusing)
        ink = mix(ink, t.panel, 0.6);
    const QRectF bar(node.rect.left() + 1, node.rect.top() + 10, 3, node.rect.height() - 20);
    if (zoom < metrics::nameZoom)
        painter.fillRect(QRectF(node.rect.left(), node.rect.top(), std::max(3.0, 2 / zoom), node.rect.height()), ink);
    else
        paintRoundedRect(painter, bar, 1.5, ink, {});
}

// A mark and a count, at the far end of the title: red for errors, amber for warnings.
void paintProblems(QPainter& painter, const CanvasNode& node, qreal zoom)
{
    if (node.problems() == 0)
        return;
    const Tokens& t = tokens();
    const QColor ink = node.errors > 0 ? t.deny : t.ask;
    const QColor tint = node.errors > 0 ? t.denyTint : t.askTint;
    const QString count = node.problems() > 99 ? QStringLiteral("99+") : QString::number(node.problems());
    // On the corner, and not smaller than can be seen.
    const qreal scale = std::max(1.0, 0.75 / zoom);
    painter.save();
    painter.translate(node.rect.topRight());
    painter.scale(scale, scale);
    painter.setFont(metrics::sized(11, QFont::DemiBold));
    const qreal words = QFontMetricsF(painter.font()).horizontalAdvance(count);
    const QRectF pill(-words - 24, -9, words + 24, 18);
    paintRoundedRect(painter, pill, 9, tint, ink, t.highContrast ? 2 : 1.25);
    paintGlyph(painter, QRectF(pill.left() + 6, pill.top() + 4, 10, 10), node.errors > 0 ? Glyph::Cross : Glyph::Triangle, ink);
    painter.setPen(ink);
    painter.drawText(pill.adjusted(16, 0, -6, 0), Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, count);
    painter.restore();
}

void paintEntryMark(QPainter& painter, const CanvasNode& node)
{
    const Tokens& t = tokens();
    const QString word = CanvasScene::tr("entry");
    painter.setFont(metrics::sized(11, QFont::Medium));
    const qreal words = QFontMetricsF(painter.font()).horizontalAdvance(word);
    const QRectF pill(node.rect.right() - metrics::textRight - words - 25, node.rect.top() + 12, words + 25, 19);
    paintRoundedRect(painter, pill, 9.5, t.accentTint, t.highContrast ? t.text : QColor(), 1.5);
    paintGlyph(painter, QRectF(pill.left() + 6, pill.top() + 5, 9, 9), Glyph::Play, t.accentTintText);
    painter.setPen(t.accentTintText);
    painter.drawText(pill.adjusted(17, 0, -7, 0), Qt::AlignVCenter | Qt::AlignRight | Qt::TextSingleLine, word);
}

void paintWords(QPainter& painter, const CanvasNode& node, const CardState& state, qreal zoom)
{
    const Tokens& t = tokens();
    const QRectF text = node.rect.adjusted(metrics::textLeft, 0, -metrics::textRight, 0);
    const int flags = Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine;
    const bool faded = state.look == CardLook::Refusing;
    if (zoom < metrics::nameZoom)
        return;
    painter.setPen(faded ? t.third : t.text);
    if (zoom < metrics::smallTextZoom) {
        painter.setFont(metrics::largeFont());
        return painter.drawText(text, flags, node.largeName);
    }
    painter.setFont(metrics::titleFont());
    painter.drawText(QRectF(text.left(), text.top() + 11, text.width(), 20), flags, node.name);
    painter.setFont(metrics::smallFont());
    painter.setPen(faded ? t.third : node.missing() ? t.ask : t.second);
    painter.drawText(QRectF(text.left(), text.top() + 32, text.width(), 18), flags, node.summary);
    if (!node.note.isEmpty()) {
        painter.setPen(node.missing() && !faded ? t.ask : t.third);
        painter.drawText(QRectF(text.left(), text.top() + 57, text.width(), 18), flags, node.note);
    }
    if (node.node.entry)
        paintEntryMark(painter, node);
    if (node.missing())
        paintGlyph(painter, QRectF(text.right() - 16, text.top() + 13, 15, 15), Glyph::Triangle, t.ask);
}

} // namespace

void paintCard(QPainter& painter, const CanvasNode& node, const CardState& state, qreal zoom)
{
    const Tokens& t = tokens();
    painter.setRenderHint(QPainter::Antialiasing, zoom >= metrics::nameZoom);
    paintFrame(painter, node, state, zoom);
    paintBar(painter, node, state, zoom);
    paintWords(painter, node, state, zoom);
    paintProblems(painter, node, zoom);
    if (!state.ports)
        return;
    for (const CanvasSide side : CanvasScene::portsOf(node.id().kind)) {
        const QPointF at = CanvasScene::portAt(node.rect, side);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(t.accent, 1.5));
        painter.setBrush(t.panel);
        painter.drawEllipse(at, 6.5, 6.5);
        paintGlyph(painter, QRectF(at.x() - 5, at.y() - 5, 10, 10), Glyph::Plus, t.accent);
    }
}

static void paintArrow(QPainter& painter, const CanvasWire& wire, const QColor& ink)
{
    const QPointF back = wire.upright ? QPointF(0, wire.end.y() > wire.begin.y() ? -9 : 9) : QPointF(-9, 0);
    const QPointF aside = wire.upright ? QPointF(4.5, 0) : QPointF(0, 4.5);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    painter.drawPolygon(QPolygonF{wire.end, wire.end + back + aside, wire.end + back - aside});
}

void paintWire(QPainter& painter, const CanvasWire& wire, const WireState& state, qreal zoom)
{
    const Tokens& t = tokens();
    const bool strong = state.selected || state.hovered;
    const QColor ink = state.selected ? t.accent : wireInk(wire);
    const bool small = zoom < metrics::nameZoom;
    QPen pen(ink, strong ? 3 : state.lit ? 2.25 : t.highContrast ? 2 : 1.5);
    if (small) {
        pen.setWidthF(strong ? 2 : 1);
        pen.setCosmetic(true);
    }
    if (wire.wire.kind == WireKind::Handoff)
        pen.setDashPattern({4, 3});
    else if (wire.broken)
        pen.setDashPattern({2, 2});
    else if (wire.wire.implied)
        pen.setDashPattern({1, 2.5});
    pen.setCapStyle(Qt::FlatCap);
    painter.setRenderHint(QPainter::Antialiasing, !small);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(wire.path);
    if (!small && wire.wire.kind == WireKind::Handoff)
        paintArrow(painter, wire, ink);
}

void paintPorts(QPainter& painter, const CanvasWire& wire, const WireState& state)
{
    const QColor ink = state.selected ? tokens().accent : wireInk(wire);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(ink, 1.5));
    painter.setBrush(tokens().panel);
    painter.drawEllipse(wire.begin, metrics::portRadius, metrics::portRadius);
    if (wire.wire.kind == WireKind::Handoff)
        return;
    painter.setBrush(ink);
    painter.drawEllipse(wire.end, metrics::portRadius, metrics::portRadius);
}

void paintWireLabel(QPainter& painter, const CanvasWire& wire, qreal zoom)
{
    if (wire.label.isEmpty() || zoom < metrics::smallTextZoom)
        return;
    const Tokens& t = tokens();
    painter.setFont(metrics::sized(11, QFont::Normal));
    const QSizeF size(QFontMetricsF(painter.font()).horizontalAdvance(wire.label) + 10, 16);
    // Near the start: at an agent wires come together, and of a pair back and forth the labels don't cover each other.
    const QPointF middle = wire.path.pointAtPercent(0.32);
    const QRectF patch(middle - QPointF(size.width() / 2, size.height() / 2), size);
    paintRoundedRect(painter, patch, 4, t.panelSecond, {});
    painter.setPen(wire.wire.access == Access::Write ? t.ask : t.second);
    painter.drawText(patch, Qt::AlignCenter | Qt::TextSingleLine, wire.label);
}

void paintLooseWire(QPainter& painter, const QPointF& from, const QPointF& to, bool allowed)
{
    const Tokens& t = tokens();
    QPen pen(allowed ? t.accent : t.third, 2);
    if (!allowed)
        pen.setDashPattern({2, 3});
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(CanvasScene::curve(from, to, false));
    painter.setBrush(pen.color());
    painter.drawEllipse(to, metrics::portRadius, metrics::portRadius);
}

} // namespace gatehouse::widgets
