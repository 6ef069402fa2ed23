#include "widgets/canvas/canvasscene.h"

#include <QFontMetricsF>

#include "widgets/authoring/workflowdocument.h"
#include "widgets/canvas/canvasmetrics.h"
#include "widgets/style/fonts.h"
#include "widgets/text/markedtext.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

namespace gatehouse::widgets {

using namespace authoring;

QString nodeKindName(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Agent:
        return CanvasScene::tr("Agent");
    case NodeKind::Tool:
        return CanvasScene::tr("Tool");
    case NodeKind::Mcp:
        return CanvasScene::tr("MCP server");
    case NodeKind::Capability:
        return CanvasScene::tr("Capability");
    case NodeKind::Data:
        break;
    }
    return CanvasScene::tr("Data");
}

QString wireRefusal(const Graph& graph, const NodeId& from, const NodeId& to)
{
    const QString a = shown(from.name);
    const QString b = shown(to.name);
    switch (wireFault(graph, from, to)) {
    case WireFault::SameNode:
        return CanvasScene::tr("%1 can't be joined to itself").arg(a);
    case WireFault::WrongKinds:
        return CanvasScene::tr("%1 and %2 can't be joined: one of them must be an agent").arg(a, b);
    case WireFault::AlreadyThere:
        return CanvasScene::tr("%1 and %2 are joined already").arg(a, b);
    case WireFault::Missing: {
        const GraphNode* first = graph.find(from);
        const bool firstMissing = !first || first->definition == Definition::Missing;
        return CanvasScene::tr("%1 is named, but not defined: define it first").arg(firstMissing ? a : b);
    }
    case WireFault::None:
        break;
    }
    return {};
}

static QString noteOf(const GraphNode& node)
{
    if (node.definition == Definition::Missing)
        return CanvasScene::tr("named, defined nowhere");
    QStringList words{nodeKindName(node.id.kind)};
    if (node.entry)
        words << CanvasScene::tr("gets the task");
    if (node.asTool)
        words << CanvasScene::tr("callable as a tool");
    return words.join(QStringLiteral(" · "));
}

CanvasNode CanvasScene::made(const GraphNode& node)
{
    const NodeSize size = nodeSize(node.id.kind);
    const qreal room = size.width - CanvasMetrics::textLeft - CanvasMetrics::textRight;
    const QFontMetricsF title(CanvasMetrics::titleFont());
    const QFontMetricsF large(CanvasMetrics::largeFont());
    const QFontMetricsF small(CanvasMetrics::smallFont());
    CanvasNode out;
    out.node = node;
    out.rect = QRectF(0, 0, size.width, size.height);
    out.wholeName = shown(node.id.name);
    const bool marked = node.entry || node.definition == Definition::Missing;
    out.name = title.elidedText(out.wholeName, Qt::ElideMiddle, room - (marked ? CanvasMetrics::markRoom : 0));
    out.largeName = large.elidedText(out.wholeName, Qt::ElideMiddle, room);
    QString summary = shown(node.summary);
    if (node.id.kind == NodeKind::Agent && node.definition == Definition::Here && summary.isEmpty())
        summary = tr("the project's model");
    // A card without a third line says what it is in the second.
    const bool tall = node.id.kind == NodeKind::Agent;
    const QString note = noteOf(node);
    if (!tall && (summary.isEmpty() || node.definition == Definition::Missing))
        summary = note;
    out.summary = small.elidedText(summary, Qt::ElideRight, room);
    out.note = tall ? small.elidedText(note, Qt::ElideRight, room) : QString();
    return out;
}

CanvasScene::Update CanvasScene::update(const Graph& graph, const std::map<NodeId, Place>& places)
{
    Update out;
    std::vector<CanvasNode> nodes;
    nodes.reserve(graph.nodes.size());
    std::map<NodeId, std::size_t> index;
    for (const GraphNode& node : graph.nodes) {
        const auto there = m_index.find(node.id);
        GraphNode before;
        if (there != m_index.end()) {
            before = m_nodes[there->second].node;
            before.place = node.place; // where it is makes no other card
            before.pointer = node.pointer;
        }
        if (there != m_index.end() && before == node) {
            nodes.push_back(std::move(m_nodes[there->second]));
            nodes.back().node.pointer = node.pointer;
            nodes.back().node.place = node.place;
            ++out.kept;
        } else {
            nodes.push_back(made(node));
            ++out.made;
        }
        const auto place = places.find(node.id);
        if (place != places.end())
            nodes.back().rect.moveTo(place->second.x, place->second.y);
        index.emplace(node.id, nodes.size() - 1);
    }
    m_nodes = std::move(nodes);
    m_index = std::move(index);

    std::map<std::pair<NodeId, NodeId>, CanvasWire> before;
    for (CanvasWire& wire : m_wires)
        before.emplace(std::pair(wire.wire.from, wire.wire.to), std::move(wire));
    m_wires.clear();
    for (const GraphWire& wire : graph.wires) {
        CanvasWire next;
        if (const auto kept = before.find({wire.from, wire.to}); kept != before.end())
            next = std::move(kept->second);
        const CanvasNode* from = find(wire.from);
        const CanvasNode* to = find(wire.to);
        if (!from || !to)
            continue;
        next.wire = wire;
        next.broken = from->missing() || to->missing();
        next.label = wire.kind == WireKind::Handoff ? tr("handoff")
            : wire.access == Access::Read           ? tr("read")
            : wire.access == Access::Write          ? tr("write")
                                                    : QString();
        m_wires.push_back(std::move(next));
    }
    out.routed = route();
    order();
    return out;
}

// As WorkflowDocument::problemsOf() says for each, in one pass over the problems.
void CanvasScene::takeProblems(const WorkflowDocument& document)
{
    for (CanvasNode& node : m_nodes)
        node.errors = node.warnings = 0;
    if (document.problems().empty())
        return;
    std::multimap<std::string, std::size_t> missing;
    for (std::size_t i = 0; i < m_nodes.size(); ++i)
        if (m_nodes[i].missing())
            missing.emplace(m_nodes[i].node.pointer, i);
    const std::string file = document.path().toStdString();
    const auto count = [this](std::size_t node, const Problem& problem) {
        ++(problem.severity == Severity::Error ? m_nodes[node].errors : m_nodes[node].warnings);
    };
    for (const Problem& problem : document.problems()) {
        if (problem.file != file)
            continue;
        if (const GraphNode* owner = document.graph().at(problem.pointer))
            if (const auto at = indexOf(owner->id))
                count(*at, problem);
        const auto [first, last] = missing.equal_range(problem.pointer);
        for (auto at = first; at != last; ++at)
            count(at->second, problem);
    }
}

void CanvasScene::shift(const std::vector<std::size_t>& nodes, const QPointF& by)
{
    for (const std::size_t node : nodes)
        m_nodes[node].rect.translate(by);
    route();
}

std::optional<std::size_t> CanvasScene::indexOf(const NodeId& id) const
{
    const auto found = m_index.find(id);
    return found == m_index.end() ? std::nullopt : std::optional(found->second);
}

const CanvasNode* CanvasScene::find(const NodeId& id) const
{
    const auto found = m_index.find(id);
    return found == m_index.end() ? nullptr : &m_nodes[found->second];
}

QRectF CanvasScene::bounds() const
{
    QRectF out;
    for (const CanvasNode& node : m_nodes)
        out |= node.rect;
    return out;
}

std::optional<std::size_t> CanvasScene::nodeAt(const QPointF& at) const
{
    for (std::size_t i = m_nodes.size(); i-- > 0;)
        if (m_nodes[i].rect.contains(at))
            return i;
    return std::nullopt;
}

std::optional<std::size_t> CanvasScene::wireAt(const QPointF& at, qreal tolerance) const
{
    const QRectF around(at.x() - tolerance, at.y() - tolerance, 2 * tolerance, 2 * tolerance);
    for (std::size_t i = m_wires.size(); i-- > 0;) {
        if (!m_wires[i].bounds.intersects(around))
            continue;
        constexpr int steps = 48;
        QPointF last = m_wires[i].begin;
        for (int step = 1; step <= steps; ++step) {
            const QPointF next = m_wires[i].path.pointAtPercent(qreal(step) / steps);
            const QPointF along = next - last;
            const qreal length = QPointF::dotProduct(along, along);
            const qreal share = length > 0 ? std::clamp(QPointF::dotProduct(at - last, along) / length, 0.0, 1.0) : 0.0;
            const QPointF away = at - (last + share * along);
            if (QPointF::dotProduct(away, away) <= tolerance * tolerance)
                return i;
            last = next;
        }
    }
    return std::nullopt;
}

std::vector<std::size_t> CanvasScene::nodesIn(const QRectF& area) const
{
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < m_nodes.size(); ++i)
        if (m_nodes[i].rect.intersects(area))
            out.push_back(i);
    return out;
}

std::optional<std::size_t> CanvasScene::neighbour(std::size_t from, CanvasSide direction, const Passes& passes) const
{
    const QPointF start = m_nodes[from].rect.center();
    std::optional<std::size_t> best;
    qreal least = 0;
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        if (i == from || (passes && !passes(m_nodes[i])))
            continue;
        const QPointF away = m_nodes[i].rect.center() - start;
        const bool level = direction == CanvasSide::Left || direction == CanvasSide::Right;
        const qreal ahead = (direction == CanvasSide::Left || direction == CanvasSide::Top ? -1 : 1) * (level ? away.x() : away.y());
        const qreal aside = std::abs(level ? away.y() : away.x());
        if (ahead < 1)
            continue;
        // Beyond the diagonal it lies more aside than ahead: only when nothing else is there.
        const qreal cost = ahead + 2 * aside + (aside > ahead * 2 ? 100'000 : 0);
        if (!best || cost < least) {
            best = i;
            least = cost;
        }
    }
    return best;
}

void CanvasScene::order()
{
    m_order.resize(m_nodes.size());
    std::iota(m_order.begin(), m_order.end(), std::size_t(0));
    const auto line = [this](std::size_t i) { return std::llround(m_nodes[i].rect.center().y() / 48); };
    std::ranges::stable_sort(m_order, [&](std::size_t a, std::size_t b) {
        return std::pair(line(a), m_nodes[a].rect.x()) < std::pair(line(b), m_nodes[b].rect.x());
    });
}

} // namespace gatehouse::widgets
