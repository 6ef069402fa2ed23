#include "core/authoring/graph.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse::authoring {

static constexpr std::array<std::pair<NodeKind, std::string_view>, 5> kindNames = {{
    {NodeKind::Agent, "agent"},
    {NodeKind::Tool, "tool"},
    {NodeKind::Mcp, "mcp"},
    {NodeKind::Capability, "capability"},
    {NodeKind::Data, "data"},
}};

std::string NodeId::text() const
{
    const auto found = std::ranges::find(kindNames, kind, &std::pair<NodeKind, std::string_view>::first);
    return std::string(found->second) + ':' + name;
}

std::optional<NodeId> NodeId::fromText(std::string_view text)
{
    const std::size_t colon = text.find(':');
    const auto found = std::ranges::find(kindNames, text.substr(0, colon), &std::pair<NodeKind, std::string_view>::second);
    if (colon == std::string_view::npos || found == kindNames.end())
        return std::nullopt;
    return NodeId{found->first, std::string(text.substr(colon + 1))};
}

const GraphNode* Graph::find(const NodeId& id) const
{
    const auto found = nodeIndex.find(id);
    return found == nodeIndex.end() ? nullptr : &nodes[found->second];
}

const GraphWire* Graph::wire(const NodeId& from, const NodeId& to) const
{
    const auto found = wireIndex.find({from, to});
    return found == wireIndex.end() ? nullptr : &wires[found->second];
}

const GraphNode* Graph::at(std::string_view pointer) const
{
    for (; !pointer.empty(); pointer = pointer.substr(0, pointer.rfind('/'))) {
        if (const auto found = definitionIndex.find(pointer); found != definitionIndex.end())
            return &nodes[found->second];
        if (pointer.find('/') == std::string_view::npos)
            break;
    }
    return nullptr;
}

std::optional<WireKind> wireKind(NodeKind from, NodeKind to)
{
    if (from == NodeKind::Agent && to == NodeKind::Agent)
        return WireKind::Handoff;
    if (from == NodeKind::Agent)
        return to == NodeKind::Data ? WireKind::Data : WireKind::Use;
    if (to == NodeKind::Agent)
        return from == NodeKind::Data ? WireKind::Data : WireKind::Use;
    return std::nullopt;
}

WireFault wireFault(const Graph& graph, const NodeId& from, const NodeId& to)
{
    if (from == to)
        return WireFault::SameNode;
    const auto kind = wireKind(from.kind, to.kind);
    if (!kind)
        return WireFault::WrongKinds;
    for (const NodeId& id : {from, to}) {
        const GraphNode* node = graph.find(id);
        // A capability that no agent has is no node yet, and can be given all the same.
        if (id.kind != NodeKind::Capability && (!node || node->definition == Definition::Missing))
            return WireFault::Missing;
    }
    const bool backwards = *kind != WireKind::Handoff && !graph.wire(from, to);
    const GraphWire* there = backwards ? graph.wire(to, from) : graph.wire(from, to);
    return there && !there->implied ? WireFault::AlreadyThere : WireFault::None;
}

} // namespace gatehouse::authoring
