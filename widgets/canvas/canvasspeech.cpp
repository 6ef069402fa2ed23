#include "widgets/canvas/canvasspeech.h"

#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

using namespace authoring;

// More is not listened to.
static constexpr int mostSpokenWires = 24;

static QString spokenKind(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Agent:
        return CanvasScene::tr("agent");
    case NodeKind::Tool:
        return CanvasScene::tr("tool");
    case NodeKind::Mcp:
        return CanvasScene::tr("MCP server");
    case NodeKind::Capability:
        return CanvasScene::tr("capability");
    case NodeKind::Data:
        break;
    }
    return CanvasScene::tr("data");
}

QString spokenName(const CanvasNode& node)
{
    QStringList words{node.wholeName, spokenKind(node.id().kind)};
    if (node.missing())
        words << CanvasScene::tr("not defined");
    if (node.node.entry)
        words << CanvasScene::tr("entry");
    if (node.node.asTool)
        words << CanvasScene::tr("callable as a tool");
    const QString summary = shown(node.node.summary);
    if (!summary.isEmpty())
        words << (node.id().kind == NodeKind::Agent ? CanvasScene::tr("model %1").arg(summary) : summary);
    if (node.problems() > 0)
        words << CanvasScene::tr("%n problem(s)", nullptr, node.problems());
    return words.join(QStringLiteral(", "));
}

static QString spokenWire(const GraphWire& wire, bool outgoing)
{
    const QString other = shown((outgoing ? wire.to : wire.from).name);
    switch (wire.kind) {
    case WireKind::Handoff:
        return outgoing ? CanvasScene::tr("hands off to %1").arg(other) : CanvasScene::tr("gets handoffs from %1").arg(other);
    case WireKind::Use:
        return outgoing ? CanvasScene::tr("uses %1").arg(other) : CanvasScene::tr("used by %1").arg(other);
    case WireKind::Data:
        break;
    }
    if (wire.access == Access::Write)
        return outgoing ? CanvasScene::tr("written by %1").arg(other) : CanvasScene::tr("writes %1").arg(other);
    if (wire.access == Access::Read)
        return outgoing ? CanvasScene::tr("read by %1").arg(other) : CanvasScene::tr("reads %1").arg(other);
    return outgoing ? CanvasScene::tr("given to %1").arg(other) : CanvasScene::tr("has %1").arg(other);
}

QString spokenWires(const Graph& graph, const NodeId& node)
{
    QStringList words;
    int more = 0;
    for (const GraphWire& wire : graph.wires) {
        if (wire.from != node && wire.to != node)
            continue;
        if (words.size() < mostSpokenWires)
            words << spokenWire(wire, wire.from == node);
        else
            ++more;
    }
    if (more > 0)
        words << CanvasScene::tr("%n more", nullptr, more);
    return words.join(QStringLiteral("; "));
}

} // namespace gatehouse::widgets
