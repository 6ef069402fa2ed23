// What the canvas's commands do to the document.
#include "widgets/canvas/canvascommands.h"

#include <QClipboard>
#include <QGuiApplication>

#include "widgets/approval/presentationtext.h"
#include "widgets/canvas/canvasmetrics.h"
#include "widgets/canvas/canvasview.h"
#include "widgets/source/shieldedtext.h"
#include "widgets/text/markedtext.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

using namespace authoring;

namespace {

Place onGrid(const QPointF& at)
{
    const auto whole = [](qreal value) { return std::round(value / CanvasMetrics::grid) * CanvasMetrics::grid; };
    return {whole(at.x()), whole(at.y())};
}

} // namespace

// Beside the current agent, or in the middle of what is seen; then downwards until nothing is covered.
Place CanvasCommands::freePlace(NodeKind kind) const
{
    const NodeSize size = nodeSize(kind);
    const QRectF seen = m_view.visibleScene();
    QPointF corner = seen.center() - QPointF(size.width / 2, size.height / 2);
    const CanvasNode* beside = m_document.current() ? m_view.scene().find(*m_document.current()) : nullptr;
    if (beside && beside->id().kind == NodeKind::Agent) {
        const QRectF& agent = beside->rect;
        corner = kind == NodeKind::Agent ? QPointF(agent.left(), agent.bottom() + 72)
            : kind == NodeKind::Data     ? QPointF(agent.left() - size.width - 112, agent.top())
                                         : QPointF(agent.right() + 112, agent.top());
    }
    Place place = onGrid(corner);
    // One pass suffices for what lies in a column; a pile that is stranger is a person's to untangle.
    for (std::size_t tries = 0; tries < m_view.scene().nodes().size(); ++tries) {
        const auto covered = m_view.scene().nodesIn(QRectF(place.x - 8, place.y - 8, size.width + 16, size.height + 16));
        if (covered.empty())
            break;
        place = onGrid({place.x, m_view.scene().nodes()[covered.front()].rect.bottom() + 28});
    }
    return place;
}

void CanvasCommands::add(NodeKind kind)
{
    std::optional<NodeId> made;
    const GraphNode* current = currentNode();
    const std::optional<NodeId> agent =
        current && current->id.kind == NodeKind::Agent && kind != NodeKind::Agent && current->definition == Definition::Here
        ? std::optional(current->id)
        : std::nullopt;
    const Place place = freePlace(kind);
    const auto change = [&](Editor& editor) -> Result<void> {
        auto added = addNode(editor, kind, {}, place);
        if (!added)
            return std::unexpected(added.error());
        made = *added;
        // What an agent has without saying stays unsaid.
        if (agent && !readGraph(editor.document()).wire(kind == NodeKind::Data ? *made : *agent, kind == NodeKind::Data ? *agent : *made))
            return connectNodes(editor, *agent, *made);
        return {};
    };
    if (!edit(tr("Add %1").arg(nodeKindName(kind).toLower()), change) || !made)
        return;
    m_document.select({*made}, made);
    m_view.reveal(*made);
    m_view.setFocus(Qt::OtherFocusReason);
    Q_EMIT saying(tr("%1 was added").arg(shown(made->name)));
}

void CanvasCommands::give(const std::string& capability)
{
    const GraphNode* agent = currentNode();
    if (!agent)
        return;
    const NodeId id = agent->id;
    const NodeId wanted{NodeKind::Capability, capability};
    const GraphWire* there = m_document.graph().wire(id, wanted);
    if (there)
        return Q_EMIT refused(tr("%1 has the %2 already").arg(shown(id.name), shown(capability)));
    edit(tr("Give %1 the %2").arg(shown(id.name), shown(capability)), [&](Editor& editor) { return connectNodes(editor, id, wanted); });
}

void CanvasCommands::addData(const std::vector<NewData>& data, const QPointF& scenePoint)
{
    std::set<NodeId> made;
    Place place = onGrid(scenePoint);
    const auto change = [&](Editor& editor) -> Result<void> {
        for (const NewData& each : data) {
            auto added = authoring::addData(editor, each.wish, each.entry, place);
            if (!added)
                return std::unexpected(added.error());
            made.insert(*added);
            place.y += nodeSize(NodeKind::Data).height + 24;
        }
        return {};
    };
    const QString name =
        data.size() == 1 ? tr("Add %1").arg(shown(data.front().wish)) : tr("Add %n data node(s)", nullptr, int(data.size()));
    if (data.empty() || !edit(name, change) || made.empty())
        return;
    m_document.select(made, *made.begin());
    Q_EMIT saying(tr("%n data node(s) added", nullptr, int(made.size())));
}

QString CanvasCommands::rename(const NodeId& node, const QString& name)
{
    const std::string text = unshielded(name.trimmed());
    if (text == node.name || unshielded(name) == node.name)
        return {};
    if (const auto fault = nameFault(node.kind, text))
        return translated(*fault);
    const NodeId renamed{node.kind, text};
    const GraphNode* taken = m_document.graph().find(renamed);
    if (taken && taken->definition == Definition::Here)
        return tr("%1 is taken: choose another name").arg(shown(text));
    const auto done =
        m_document.edit(tr("Rename %1").arg(shown(node.name)), [&](Editor& editor) { return renameNode(editor, node, text); });
    if (!done)
        return translated(done.error().why);
    m_document.select({renamed}, renamed);
    return {};
}

void CanvasCommands::copy() const
{
    if (!m_document.document())
        return;
    const std::string text = copied(*m_document.document(), m_document.selection());
    if (!text.empty())
        QGuiApplication::clipboard()->setText(QString::fromStdString(text));
}

void CanvasCommands::remove(const QString& verb)
{
    if (const GraphWire* wire = selectedWire()) {
        const NodeId from = wire->from;
        const NodeId to = wire->to;
        const QString name = tr("Disconnect %1 from %2").arg(shown(to.name), shown(from.name));
        if (edit(name, [&](Editor& editor) { return disconnectNodes(editor, from, to); }) && !m_document.selectedWire())
            m_document.select({from}, from);
        return;
    }
    const std::set<NodeId> nodes = m_document.selection();
    if (nodes.empty())
        return;
    // The keyboard stays where it was: at the nearest one that is left.
    std::optional<NodeId> next;
    if (const auto at = m_document.current() ? m_view.scene().indexOf(*m_document.current()) : std::nullopt) {
        const auto left = [&](const CanvasNode& node) { return !nodes.contains(node.id()); };
        for (const CanvasSide side : {CanvasSide::Top, CanvasSide::Left, CanvasSide::Bottom, CanvasSide::Right})
            if (const auto found = next ? std::nullopt : m_view.scene().neighbour(*at, side, left))
                next = m_view.scene().nodes()[*found].id();
    }
    const QString what = nodes.size() == 1 ? shown(nodes.begin()->name) : tr("%n node(s)", nullptr, int(nodes.size()));
    if (edit(verb.arg(what), [&](Editor& editor) { return removeNodes(editor, nodes); }) && next && m_document.graph().find(*next))
        m_document.select({*next}, next);
}

void CanvasCommands::paste(const std::string& text, const QString& name)
{
    std::vector<NodeId> pasted;
    const double off = 24 * (1 + m_pasted++ % 8);
    const auto change = [&](Editor& editor) -> Result<void> {
        auto nodes = authoring::paste(editor, text, {off, off});
        if (!nodes)
            return std::unexpected(nodes.error());
        pasted = *std::move(nodes);
        return {};
    };
    if (!edit(name, change) || pasted.empty())
        return;
    m_document.select({pasted.begin(), pasted.end()}, pasted.front());
    m_view.reveal(pasted.front());
}

void CanvasCommands::arrange()
{
    const std::map<NodeId, Place> places = arranged(m_document.graph());
    if (edit(tr("Arrange"), [&](Editor& editor) { return moveNodes(editor, places); }))
        m_view.fit();
}

void CanvasCommands::changeAccess()
{
    const GraphWire* wire = selectedWire();
    if (!wire || wire->kind != WireKind::Data)
        return;
    const NodeId data = wire->from;
    const NodeId agent = wire->to;
    const Access access = wire->access == Access::Read ? Access::Write : Access::Read;
    const QString name = access == Access::Write ? tr("Let %1 write %2") : tr("Let %1 only read %2");
    edit(name.arg(shown(agent.name), shown(data.name)), [&](Editor& editor) { return setAccess(editor, data, agent, access); });
}

} // namespace gatehouse::widgets
