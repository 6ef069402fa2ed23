// The canvas by mouse: choosing, dragging, joining, panning, zooming, dropping files.
#include "widgets/canvas/canvasview.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QUrl>
#include <QWheelEvent>

#include "widgets/approval/presentationtext.h"
#include "widgets/authoring/workflowdocument.h"
#include "widgets/canvas/canvasmetrics.h"
#include "widgets/text/markedtext.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

using namespace authoring;
namespace metrics = CanvasMetrics;

// A port reaches out of its card; inside, most of the card is there to be dragged by.
std::optional<std::size_t> CanvasView::portOwnerAt(const QPointF& place) const
{
    if (!m_document.canEdit() || m_zoom < metrics::nameZoom)
        return std::nullopt;
    const qreal reach = metrics::portReach / m_zoom;
    const QPointF at = toScene(place);
    for (const std::size_t i : m_scene.nodesIn(QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach))) {
        const CanvasNode& node = m_scene.nodes()[i];
        if (node.missing())
            continue;
        for (const CanvasSide side : CanvasScene::portsOf(node.id().kind)) {
            const QPointF away = CanvasScene::portAt(node.rect, side) - at;
            if (QPointF::dotProduct(away, away) <= reach * reach)
                return i;
        }
    }
    return std::nullopt;
}

void CanvasView::hover(const QPointF& place)
{
    auto node = m_scene.nodeAt(toScene(place));
    const auto port = portOwnerAt(place);
    if (port)
        node = port;
    const auto wire = node ? std::nullopt : m_scene.wireAt(toScene(place), 6 / m_zoom);
    setCursor(port ? Qt::CrossCursor : wire ? Qt::PointingHandCursor : m_space ? Qt::OpenHandCursor : Qt::ArrowCursor);
    if (node == m_hoveredNode && wire == m_hoveredWire)
        return;
    m_hoveredNode = node;
    m_hoveredWire = wire;
    refresh();
}

void CanvasView::leaveEvent(QEvent*)
{
    m_hoveredNode.reset();
    m_hoveredWire.reset();
    refresh();
}

void CanvasView::mousePressEvent(QMouseEvent* event)
{
    if (m_drag != Drag::None)
        return;
    m_pressed = m_pointer = event->position();
    if (event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && m_space)) {
        m_drag = Drag::Pan;
        m_spaceUsed = true;
        setCursor(Qt::ClosedHandCursor);
        return;
    }
    if (event->button() != Qt::LeftButton && event->button() != Qt::RightButton)
        return;
    const bool left = event->button() == Qt::LeftButton;
    const QPointF at = toScene(m_pressed);
    if (m_wiring.isActive()) { // begun by the keyboard, ended by the mouse
        if (const auto node = m_scene.nodeAt(at))
            connectTo(m_scene.nodes()[*node].id());
        else
            cancelWire();
        return;
    }
    if (const auto port = left ? portOwnerAt(m_pressed) : std::nullopt) {
        m_drag = Drag::Wire;
        m_wiring.start(m_scene.nodes()[*port].id());
        return tellWiring();
    }
    if (const auto node = m_scene.nodeAt(at))
        return pressNode(*node, *event);
    if (const auto wire = m_scene.wireAt(at, 6 / m_zoom)) {
        const GraphWire& chosen = m_scene.wires()[*wire].wire;
        m_wireAnchor = chosen.kind == WireKind::Data ? chosen.to : chosen.from;
        return m_document.selectWire(chosen.from, chosen.to);
    }
    const bool adds = event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier);
    m_before = adds ? m_document.selection() : std::set<NodeId>();
    if (!adds)
        m_document.clearSelection();
    if (left)
        m_drag = Drag::RubberBand;
}

void CanvasView::pressNode(std::size_t node, const QMouseEvent& event)
{
    const NodeId id = m_scene.nodes()[node].id();
    std::set<NodeId> selection = m_document.selection();
    m_narrowOnRelease = false;
    if (event.modifiers() & (Qt::ControlModifier | Qt::ShiftModifier)) {
        if (!selection.erase(id)) {
            selection.insert(id);
            m_document.select(selection, id);
        } else {
            const std::optional<NodeId> current = selection.empty() ? std::nullopt : std::optional(*selection.begin());
            m_document.select(selection, current);
        }
        return;
    }
    if (selection.contains(id)) {
        m_narrowOnRelease = selection.size() > 1 && event.button() == Qt::LeftButton; // unless it is dragged
        m_document.select(selection, id);
    } else {
        m_document.select({id}, id);
    }
    if (event.button() == Qt::LeftButton)
        m_drag = Drag::Pressed;
}

void CanvasView::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF last = m_pointer;
    m_pointer = event->position();
    switch (m_drag) {
    case Drag::None:
        return hover(m_pointer);
    case Drag::Pan:
        return panBy(m_pointer - last);
    case Drag::Pressed:
        if ((m_pointer - m_pressed).manhattanLength() < QApplication::startDragDistance() || !m_document.canEdit())
            return;
        m_drag = Drag::Nodes;
        m_shifted = {};
        m_dragged.clear();
        for (const NodeId& id : m_document.selection())
            if (const auto node = m_scene.indexOf(id))
                m_dragged.push_back(*node);
        [[fallthrough]];
    case Drag::Nodes:
        return dragTo(m_pointer);
    case Drag::RubberBand:
        return selectRubberBand();
    case Drag::Wire: {
        const auto node = m_scene.nodeAt(toScene(m_pointer));
        const bool own = node && m_scene.nodes()[*node].id() == *m_wiring.from();
        m_wiring.setTarget(node && !own ? std::optional(m_scene.nodes()[*node].id()) : std::nullopt);
        return tellWiring();
    }
    }
}

// The node under the pointer comes to stand on the grid, the others keep their distance to it.
void CanvasView::dragTo(const QPointF& place)
{
    if (m_dragged.empty())
        return;
    const auto lead = m_document.current() ? m_scene.indexOf(*m_document.current()) : std::nullopt;
    const QPointF start = m_scene.nodes()[lead.value_or(m_dragged.front())].rect.topLeft() - m_shifted;
    const QPointF wish = start + (place - m_pressed) / m_zoom;
    const auto onGrid = [](qreal at) { return std::round(at / metrics::grid) * metrics::grid; };
    const QPointF by = QPointF(onGrid(wish.x()), onGrid(wish.y())) - start;
    if (by == m_shifted)
        return;
    m_scene.shift(m_dragged, by - m_shifted);
    m_shifted = by;
    refresh();
    Q_EMIT viewChanged();
}

void CanvasView::dropNodes()
{
    std::map<NodeId, Place> places;
    for (const std::size_t node : m_dragged) {
        const QPointF corner = m_scene.nodes()[node].rect.topLeft();
        places[m_scene.nodes()[node].id()] = {corner.x(), corner.y()};
    }
    const bool moved = !m_shifted.isNull();
    const QString name =
        places.size() == 1 ? tr("Move %1").arg(shown(places.begin()->first.name)) : tr("Move %n node(s)", nullptr, int(places.size()));
    endDrag(); // back to where they are written; the edit puts them where they were dropped
    if (!moved)
        return;
    ++m_burst;
    if (const auto done = m_document.edit(name, [&](Editor& editor) { return moveNodes(editor, places); }); !done)
        Q_EMIT refused(translated(done.error().why));
}

void CanvasView::selectRubberBand()
{
    const QRectF band = QRectF(m_pressed, m_pointer).normalized();
    std::set<NodeId> chosen = m_before;
    for (const std::size_t node : m_scene.nodesIn({toScene(band.topLeft()), band.size() / m_zoom}))
        chosen.insert(m_scene.nodes()[node].id());
    const std::optional<NodeId> current = chosen.empty() ? std::nullopt : std::optional(*chosen.begin());
    m_document.select(std::move(chosen), current);
    refresh();
}

void CanvasView::endDrag()
{
    if (m_drag == Drag::Nodes && !m_shifted.isNull())
        m_scene.shift(m_dragged, -m_shifted);
    m_dragged.clear();
    m_shifted = {};
    m_drag = Drag::None;
    refresh();
}

void CanvasView::mouseReleaseEvent(QMouseEvent* event)
{
    m_pointer = event->position();
    switch (m_drag) {
    case Drag::Nodes:
        dropNodes();
        break;
    case Drag::Wire:
        m_drag = Drag::None;
        finishWire();
        break;
    case Drag::Pressed:
        if (m_narrowOnRelease && m_document.current())
            m_document.select({*m_document.current()}, m_document.current());
        [[fallthrough]];
    default:
        endDrag();
        break;
    }
    m_narrowOnRelease = false;
    hover(m_pointer);
}

void CanvasView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (const auto node = m_scene.nodeAt(toScene(event->position()))) {
        const NodeId id = m_scene.nodes()[*node].id();
        m_document.select({id}, id);
        Q_EMIT openRequested(id);
    }
}

void CanvasView::wheelEvent(QWheelEvent* event)
{
    event->accept();
    if (event->modifiers() & Qt::ControlModifier)
        return setZoom(m_zoom * std::pow(1.0015, event->angleDelta().y()), event->position());
    QPointF by = event->pixelDelta().isNull() ? QPointF(event->angleDelta()) / 2 : QPointF(event->pixelDelta());
    if (event->modifiers() & Qt::ShiftModifier)
        by = QPointF(by.y(), by.x());
    panBy(by);
}

void CanvasView::contextMenuEvent(QContextMenuEvent* event)
{
    QPoint place = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard && m_document.current())
        if (const CanvasNode* node = m_scene.find(*m_document.current()))
            place = mapToGlobal(toView(node->rect.center()).toPoint());
    Q_EMIT menuRequested(place);
}

void CanvasView::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (m_document.canEdit() && std::ranges::any_of(urls, &QUrl::isLocalFile))
        event->acceptProposedAction();
}

void CanvasView::dropEvent(QDropEvent* event)
{
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    if (paths.isEmpty())
        return;
    event->setDropAction(Qt::CopyAction); // never a move: the files stay
    event->accept();
    Q_EMIT filesDropped(paths, toScene(event->position()));
}

} // namespace gatehouse::widgets
