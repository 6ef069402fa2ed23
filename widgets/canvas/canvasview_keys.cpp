// The canvas by keyboard: moving about, choosing, moving nodes, joining.
#include "widgets/canvas/canvasview.h"

#include <QAccessible>
#include <QDateTime>
#include <QKeyEvent>

#include "widgets/approval/presentationtext.h"
#include "widgets/authoring/workflowdocument.h"
#include "widgets/canvas/canvasmetrics.h"
#include "widgets/text/markedtext.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

using namespace authoring;

namespace {

// Letters that come faster than this belong together.
constexpr qint64 typingPause = 1000;

std::optional<CanvasSide> directionOf(int key)
{
    switch (key) {
    case Qt::Key_Left:
        return CanvasSide::Left;
    case Qt::Key_Right:
        return CanvasSide::Right;
    case Qt::Key_Up:
        return CanvasSide::Top;
    case Qt::Key_Down:
        return CanvasSide::Bottom;
    default:
        return std::nullopt;
    }
}

bool isTyped(const QKeyEvent& event)
{
    return !(event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) && !event.text().isEmpty() &&
        event.text()[0].isPrint() && event.key() != Qt::Key_Space;
}

} // namespace

void CanvasView::makeCurrent(std::size_t node)
{
    const NodeId id = m_scene.nodes()[node].id();
    m_document.select({id}, id);
    reveal(id);
}

void CanvasView::keyPressEvent(QKeyEvent* event)
{
    if (m_wiring.isActive() && wiringKey(event))
        return;
    if (directionKey(event))
        return;
    switch (event->key()) {
    case Qt::Key_Space:
        if (!event->isAutoRepeat()) {
            m_space = true;
            m_spaceUsed = false;
            setCursor(Qt::OpenHandCursor);
        }
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_document.current())
            Q_EMIT openRequested(*m_document.current());
        return;
    case Qt::Key_Home:
    case Qt::Key_End:
        if (!m_scene.nodes().empty())
            makeCurrent(event->key() == Qt::Key_Home ? m_scene.readingOrder().front() : m_scene.readingOrder().back());
        return;
    case Qt::Key_Escape:
        if (m_drag == Drag::Nodes || m_drag == Drag::RubberBand)
            return endDrag();
        if (m_document.selection().empty() && !m_document.selectedWire())
            return event->ignore();
        return m_document.clearSelection();
    default:
        break;
    }
    if (isTyped(*event))
        return jumpTo(event->text());
    QWidget::keyPressEvent(event);
}

// Space alone chooses; Space that is held while the pointer drags pans.
void CanvasView::keyReleaseEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Space || event->isAutoRepeat())
        return QWidget::keyReleaseEvent(event);
    if (m_space && !m_spaceUsed)
        toggleCurrent();
    m_space = false;
    unsetCursor();
}

void CanvasView::toggleCurrent()
{
    if (!m_document.current()) {
        if (!m_scene.nodes().empty())
            makeCurrent(m_scene.readingOrder().front());
        return;
    }
    const NodeId id = *m_document.current();
    std::set<NodeId> selection = m_document.selection();
    if (!selection.erase(id))
        selection.insert(id);
    m_document.select(selection, id);
}

bool CanvasView::directionKey(QKeyEvent* event)
{
    const auto direction = directionOf(event->key());
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (!direction || (modifiers & ~Qt::ShiftModifier))
        return false;
    if (m_scene.nodes().empty())
        return true;
    const auto current = m_document.current() ? m_scene.indexOf(*m_document.current()) : std::nullopt;
    if (!current) {
        makeCurrent(m_scene.readingOrder().front());
        return true;
    }
    const auto next = m_scene.neighbour(*current, *direction);
    if (!next)
        return true;
    if (modifiers & Qt::ShiftModifier) {
        std::set<NodeId> selection = m_document.selection();
        const NodeId id = m_scene.nodes()[*next].id();
        selection.insert(id);
        m_document.select(selection, id);
        reveal(id);
    } else {
        makeCurrent(*next);
    }
    return true;
}

// Tab goes through the nodes line by line and leaves the canvas after the last.
bool CanvasView::focusNextPrevChild(bool next)
{
    if (m_wiring.isActive()) {
        m_wiring.cycle(m_scene, m_document.graph(), next ? 1 : -1);
        tellWiring();
        return true;
    }
    const std::vector<std::size_t>& order = m_scene.readingOrder();
    const auto current = m_document.current() ? m_scene.indexOf(*m_document.current()) : std::nullopt;
    if (!hasFocus() || order.empty() || (!current && !next))
        return QWidget::focusNextPrevChild(next);
    const auto at = current ? std::ranges::find(order, *current) - order.begin() : (next ? -1 : std::ptrdiff_t(order.size()));
    const auto to = at + (next ? 1 : -1);
    if (to < 0 || to >= std::ptrdiff_t(order.size()))
        return QWidget::focusNextPrevChild(next);
    makeCurrent(order[std::size_t(to)]);
    return true;
}

void CanvasView::jumpTo(const QString& letters)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    m_typed = now - m_typedAt > typingPause ? letters : m_typed.left(64) + letters;
    m_typedAt = now;
    // Letters that lead nowhere behind the ones before begin anew.
    for (const QString& beginning : {m_typed, letters}) {
        m_typed = beginning;
        for (const std::size_t node : m_scene.readingOrder())
            if (m_scene.nodes()[node].wholeName.startsWith(beginning, Qt::CaseInsensitive))
                return makeCurrent(node);
    }
}

void CanvasView::moveSelected(int columns, int rows)
{
    std::map<NodeId, Place> places;
    std::string burst = "canvas.move:" + std::to_string(m_burst);
    for (const NodeId& id : m_document.selection()) {
        const auto place = m_document.places().find(id);
        if (place == m_document.places().end())
            continue;
        const qreal step = CanvasMetrics::grid;
        const auto onGrid = [&](qreal at, int by) { return by == 0 ? at : (std::round(at / step) + by) * step; };
        places[id] = {onGrid(place->second.x, columns), onGrid(place->second.y, rows)};
    }
    if (places.empty())
        return;
    const QString name =
        places.size() == 1 ? tr("Move %1").arg(shown(places.begin()->first.name)) : tr("Move %n node(s)", nullptr, int(places.size()));
    if (const auto done = m_document.edit(
            name, [&](Editor& editor) { return moveNodes(editor, places); }, QString::fromStdString(burst));
        !done)
        return Q_EMIT refused(translated(done.error().why));
    if (m_document.current())
        reveal(*m_document.current());
}

void CanvasView::selectNextWire()
{
    const auto& selected = m_document.selectedWire();
    if (m_document.current())
        m_wireAnchor = m_document.current();
    else if (!m_wireAnchor && selected)
        m_wireAnchor = selected->first;
    if (!m_wireAnchor)
        return;
    std::vector<const GraphWire*> own;
    std::size_t next = 0;
    for (const CanvasWire& wire : m_scene.wires()) {
        if (wire.wire.from != *m_wireAnchor && wire.wire.to != *m_wireAnchor)
            continue;
        own.push_back(&wire.wire);
        if (selected && wire.wire.joins(selected->first, selected->second))
            next = own.size();
    }
    if (own.empty())
        return Q_EMIT saying(tr("%1 is joined to nothing").arg(shown(m_wireAnchor->name)));
    const GraphWire& wire = *own[next % own.size()];
    const NodeId from = wire.from;
    const NodeId to = wire.to;
    m_document.selectWire(from, to);
    Q_EMIT saying(tr("Wire from %1 to %2").arg(shown(from.name), shown(to.name)));
}

void CanvasView::startWire()
{
    if (!m_document.current() || !m_document.canEdit())
        return;
    const CanvasNode* from = m_scene.find(*m_document.current());
    if (!from)
        return;
    if (from->missing())
        return Q_EMIT refused(tr("%1 is named, but not defined: define it first").arg(from->wholeName));
    m_wiring.start(from->id());
    tellWiring();
}

void CanvasView::cancelWire()
{
    if (!m_wiring.isActive())
        return;
    m_wiring.stop();
    if (m_drag == Drag::Wire)
        m_drag = Drag::None;
    refresh();
    Q_EMIT saying({});
    Q_EMIT viewChanged();
}

void CanvasView::tellWiring()
{
    if (m_wiring.target() && m_drag != Drag::Wire)
        reveal(*m_wiring.target());
    refresh();
    Q_EMIT saying(m_wiring.sentence(m_scene, m_document.graph()));
    Q_EMIT viewChanged();
}

void CanvasView::finishWire()
{
    if (m_wiring.target())
        return connectTo(*m_wiring.target());
    cancelWire();
}

void CanvasView::connectTo(const NodeId& target)
{
    const NodeId from = *m_wiring.from();
    const QString refusal = wireRefusal(m_document.graph(), from, target);
    cancelWire();
    if (!refusal.isEmpty())
        return Q_EMIT refused(refusal);
    const QString name = tr("Connect %1 to %2").arg(shown(from.name), shown(target.name));
    if (const auto done = m_document.edit(name, [&](Editor& editor) { return connectNodes(editor, from, target); }); !done)
        return Q_EMIT refused(translated(done.error().why));
    Q_EMIT saying(tr("%1 is joined to %2").arg(shown(from.name), shown(target.name)));
}

bool CanvasView::wiringKey(QKeyEvent* event)
{
    const Graph& graph = m_document.graph();
    if (const auto direction = directionOf(event->key()); direction && !(event->modifiers() & ~Qt::KeypadModifier))
        m_wiring.step(m_scene, graph, *direction);
    else if (event->key() == Qt::Key_Backspace)
        m_wiring.eraseLetter(m_scene, graph);
    else if (isTyped(*event))
        m_wiring.type(m_scene, graph, event->text());
    else if (event->key() == Qt::Key_Escape) {
        cancelWire();
        return true;
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        // One that refuses keeps the wire: its reason stands in the line.
        if (m_wiring.target() && m_wiring.allows(graph, *m_wiring.target()))
            finishWire();
        return true;
    } else {
        return false;
    }
    tellWiring();
    return true;
}

void CanvasView::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    refresh();
    tellFocus();
}

void CanvasView::focusOutEvent(QFocusEvent* event)
{
    m_space = false;
    if (event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason)
        cancelWire();
    QWidget::focusOutEvent(event);
    refresh();
}

} // namespace gatehouse::widgets
