#include "widgets/canvas/canvasview.h"

#include <QEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QToolTip>

#include "widgets/authoring/workflowdocument.h"
#include "widgets/canvas/canvasmetrics.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"
#include "widgets/text/markedtext.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

using namespace authoring;
namespace metrics = CanvasMetrics;

CanvasView::CanvasView(WorkflowDocument& document, QWidget* parent) : QWidget(parent), m_document(document)
{
    makeAccessible();
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAcceptDrops(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMinimumSize(px(240), px(160));
    setAccessibleName(tr("Canvas"));
    setAccessibleDescription(tr("The workflow's agents, tools and data. Arrows move between them, Control and L joins them."));
    // Machine names and places don't follow the reading direction: data stands left, tools right, whatever the language.
    setLayoutDirection(Qt::LeftToRight);
    connect(&document, &WorkflowDocument::graphChanged, this, &CanvasView::takeGraph);
    connect(&document, &WorkflowDocument::selectionChanged, this, &CanvasView::takeSelection);
    connect(&document, &WorkflowDocument::problemsChanged, this, [this] {
        m_scene.takeProblems(m_document);
        refresh();
    });
    connect(&document, &WorkflowDocument::canEditChanged, this, [this] {
        if (!m_document.canEdit()) {
            cancelWire();
            endDrag();
        }
        refresh();
    });
    takeGraph();
}

void CanvasView::takeGraph()
{
    endDrag();
    m_hoveredNode.reset();
    m_hoveredWire.reset();
    const std::size_t before = m_scene.nodes().size();
    m_lastUpdate = m_scene.update(m_document.graph(), m_document.places());
    m_scene.takeProblems(m_document);
    if (m_wiring.isActive() && !m_scene.indexOf(*m_wiring.from()))
        cancelWire();
    if (before == 0)
        m_fitted = false;
    fitOnce();
    refresh();
    Q_EMIT viewChanged();
}

void CanvasView::takeSelection()
{
    ++m_burst; // moves of another selection are another step
    if (m_document.current())
        m_wireAnchor.reset();
    refresh();
    tellFocus();
    Q_EMIT viewChanged();
}

void CanvasView::moveTo(const QPointF& offset, qreal zoom)
{
    // Some of the workflow stays in sight, however far one pans.
    const QRectF bounds = m_scene.bounds();
    QPointF kept = offset;
    if (!bounds.isEmpty()) {
        const qreal margin = 48;
        kept.setX(std::clamp(kept.x(), margin - bounds.right() * zoom,
                             std::max(margin - bounds.right() * zoom, width() - margin - bounds.left() * zoom)));
        kept.setY(std::clamp(kept.y(), margin - bounds.bottom() * zoom,
                             std::max(margin - bounds.bottom() * zoom, height() - margin - bounds.top() * zoom)));
    }
    // Whole pixels: text and rules stay sharp.
    m_offset = QPointF(std::round(kept.x()), std::round(kept.y()));
    m_zoom = zoom;
    update();
    Q_EMIT viewChanged();
}

void CanvasView::setZoom(qreal zoom, const QPointF& around)
{
    const qreal next = std::clamp(zoom, metrics::leastZoom, metrics::mostZoom);
    const QPointF fixed = toScene(around);
    moveTo(around - fixed * next, next);
}

void CanvasView::panBy(const QPointF& by)
{
    moveTo(m_offset + by, m_zoom);
}

void CanvasView::centreOn(const QPointF& scenePoint)
{
    moveTo(QRectF(rect()).center() - scenePoint * m_zoom, m_zoom);
}

void CanvasView::fit()
{
    const QRectF bounds = m_scene.bounds();
    if (bounds.isEmpty())
        return moveTo({}, 1);
    // Beneath the buttons and above the controls.
    const QRectF room = QRectF(rect()).adjusted(px(32), px(64), -px(32), -px(64));
    const qreal zoom = std::min(room.width() / bounds.width(), room.height() / bounds.height());
    const qreal kept = std::clamp(zoom, metrics::leastZoom, 1.0);
    moveTo(room.center() - bounds.center() * kept, kept);
}

void CanvasView::fitOnce()
{
    if (m_fitted || !isVisible() || m_scene.nodes().empty())
        return;
    m_fitted = true;
    fit();
}

void CanvasView::reveal(const NodeId& node)
{
    const CanvasNode* there = m_scene.find(node);
    if (!there)
        return;
    const QRectF card = toView(there->rect).adjusted(-24, -24, 24, 24);
    QPointF by;
    if (card.left() < 0 || card.width() > width())
        by.setX(-card.left());
    else if (card.right() > width())
        by.setX(width() - card.right());
    if (card.top() < 0 || card.height() > height())
        by.setY(-card.top());
    else if (card.bottom() > height())
        by.setY(height() - card.bottom());
    if (!by.isNull())
        panBy(by);
}

CardState CanvasView::cardState(const CanvasNode& node) const
{
    CardState state;
    state.selected = m_document.selection().contains(node.id());
    const bool current = m_document.current() == node.id();
    state.focused = current && hasFocus() && !m_wiring.isActive();
    if (m_wiring.isActive()) {
        const bool allowed = m_wiring.allows(m_document.graph(), node.id());
        const bool chosen = m_wiring.target() == node.id();
        if (m_wiring.from() != node.id())
            state.look = !allowed ? CardLook::Refusing : chosen ? CardLook::ChosenTarget : CardLook::Target;
        return state;
    }
    const bool hovered = m_hoveredNode && &m_scene.nodes()[*m_hoveredNode] == &node;
    state.ports = hovered && m_drag == Drag::None && !node.missing() && m_document.canEdit() && m_zoom >= metrics::nameZoom;
    return state;
}

WireState CanvasView::wireState(const CanvasWire& wire) const
{
    const auto& selected = m_document.selectedWire();
    WireState state;
    state.selected = selected && wire.wire.joins(selected->first, selected->second);
    const auto chosen = [this](const NodeId& id) { return m_document.selection().contains(id); };
    state.lit = chosen(wire.wire.from) || chosen(wire.wire.to);
    state.hovered = m_hoveredWire && &m_scene.wires()[*m_hoveredWire] == &wire;
    return state;
}

void CanvasView::refresh()
{
    m_picture.forget();
    update();
}

void CanvasView::paintWires(QPainter& painter, const QRectF& area)
{
    // A bundle of hundreds is a texture, not lines to be followed: painted thin, it is painted fast. The same for the whole
    // workflow, so that a strip looks like what it stands beside.
    const qreal detail = m_scene.wires().size() > metrics::mostFineWires ? metrics::leastZoom : m_zoom;
    for (const CanvasWire& wire : m_scene.wires()) {
        if (!wire.bounds.intersects(area))
            continue;
        const WireState state = wireState(wire);
        paintWire(painter, wire, state, state.selected || state.hovered ? m_zoom : detail);
    }
    if (m_zoom < metrics::smallTextZoom)
        return;
    for (const CanvasWire& wire : m_scene.wires())
        if (!wire.label.isEmpty() && wire.bounds.intersects(area))
            paintWireLabel(painter, wire, m_zoom);
}

// Whole, on the edges of the cards; of a bundle that is a texture none.
void CanvasView::paintPorts(QPainter& painter, const QRectF& area)
{
    if (m_zoom < metrics::nameZoom || m_scene.wires().size() > metrics::mostFineWires)
        return;
    for (const CanvasWire& wire : m_scene.wires())
        if (wire.bounds.intersects(area))
            widgets::paintPorts(painter, wire, wireState(wire));
}

void CanvasView::paintCards(QPainter& painter, const QRectF& area)
{
    const QRectF reach = area.adjusted(-40, -40, 40, 40); // marks and rings stand out
    for (const CanvasNode& node : m_scene.nodes()) {
        if (!node.rect.intersects(reach))
            continue;
        paintCard(painter, node, cardState(node), m_zoom);
        ++m_paintedCards;
    }
}

void CanvasView::paintArea(QPainter& painter, const QRect& area)
{
    paintGround(painter, area, m_offset, m_zoom);
    painter.save();
    painter.translate(m_offset);
    painter.scale(m_zoom, m_zoom);
    const QRectF seen(toScene(area.topLeft()), QSizeF(area.size()) / m_zoom);
    paintWires(painter, seen);
    paintCards(painter, seen);
    paintPorts(painter, seen);
    painter.restore();
}

void CanvasView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    m_paintedCards = 0;
    const auto paint = [this](QPainter& into, const QRect& area) { paintArea(into, area); };
    painter.drawPixmap(0, 0, m_picture.take(size(), devicePixelRatioF(), m_offset, m_zoom, paint));
    painter.save();
    painter.translate(m_offset);
    painter.scale(m_zoom, m_zoom);
    if (m_wiring.isActive()) {
        const CanvasNode* from = m_scene.find(*m_wiring.from());
        const CanvasNode* to = m_wiring.target() ? m_scene.find(*m_wiring.target()) : nullptr;
        if (from && (to || m_drag == Drag::Wire)) {
            const QPointF end = to
                ? CanvasScene::portAt(to->rect, to->rect.center().x() < from->rect.center().x() ? CanvasSide::Right : CanvasSide::Left)
                : toScene(m_pointer);
            const CanvasSide side = end.x() < from->rect.center().x() ? CanvasSide::Left : CanvasSide::Right;
            const QPointF begin = CanvasScene::portAt(from->rect, side);
            const bool allowed = !to || m_wiring.allows(m_document.graph(), to->id());
            if (side == CanvasSide::Left)
                paintLooseWire(painter, end, begin, allowed);
            else
                paintLooseWire(painter, begin, end, allowed);
        }
    }
    painter.restore();
    if (m_drag == Drag::RubberBand) {
        QColor fill = tokens().accent;
        fill.setAlphaF(0.1f);
        paintRoundedRect(painter, QRectF(m_pressed, m_pointer).normalized(), 2, fill, tokens().accent, 1);
    }
    if (hasFocus() && m_document.selection().empty() && !m_document.selectedWire())
        paintFocusRing(painter, rect(), 0);
}

void CanvasView::resizeEvent(QResizeEvent*)
{
    fitOnce();
    Q_EMIT viewChanged();
}

void CanvasView::showEvent(QShowEvent*)
{
    fitOnce();
}

bool CanvasView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && m_hoveredNode) {
        const CanvasNode& node = m_scene.nodes()[*m_hoveredNode];
        QStringList lines{node.wholeName};
        if (!node.node.summary.empty())
            lines << shown(node.node.summary);
        for (const Problem* problem : m_document.problemsOf(node.id())) {
            if (lines.size() > 6)
                break;
            lines << shown(problem->message.format());
        }
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), plainToolTip(lines.join(u'\n')), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace gatehouse::widgets
