// The edits that join nodes and part them.
#include "core/authoring/edits.h"

#include "core/authoring/references.h"

#include <utility>

namespace gatehouse::authoring {

using nlohmann::json;

namespace {

struct Ends {
    WireKind kind;
    NodeId agent; // the one that is edited
    NodeId other;
};

std::optional<Ends> endsOf(const NodeId& from, const NodeId& to)
{
    const auto kind = wireKind(from.kind, to.kind);
    if (!kind)
        return std::nullopt;
    const bool fromAgent = from.kind == NodeKind::Agent;
    return Ends{*kind, fromAgent ? from : to, fromAgent ? to : from};
}

Message faultText(WireFault fault, const NodeId& from, const NodeId& to)
{
    switch (fault) {
    case WireFault::SameNode:
        return "A node can't be joined to itself";
    case WireFault::WrongKinds:
        return Message("%1 and %2 can't be joined: one of them must be an agent", {from.text(), to.text()});
    case WireFault::AlreadyThere:
        return Message("%1 and %2 are joined already", {from.text(), to.text()});
    case WireFault::Missing:
        return Message("%1 and %2 can't be joined: one of them is not defined", {from.text(), to.text()});
    case WireFault::None:
        break;
    }
    return {};
}

std::string member(const NodeId& agent, const char* name)
{
    return pointerOf(agent) + '/' + name;
}

// What was implied is said, so that one of it can be taken out.
Result<void> sayImplied(Editor& editor, const NodeId& agent, WireKind kind)
{
    const Graph graph = readGraph(editor.document());
    const bool data = kind == WireKind::Data;
    json said = data ? json::object() : json::array();
    for (const GraphWire& wire : graph.wires) {
        if (!wire.implied || wire.kind != kind || (data ? wire.to : wire.from) != agent)
            continue;
        if (data)
            said[wire.from.name] = "write";
        else
            said.push_back(wire.to.name);
    }
    return editor.set(member(agent, data ? "data" : "capabilities"), said);
}

std::string mcpReference(const NodeId& server)
{
    return "mcp:" + server.name + "/*";
}

Result<void> add(Editor& editor, const Ends& ends)
{
    switch (ends.other.kind) {
    case NodeKind::Agent:
        return editor.append(member(ends.agent, "handoffs"), ends.other.name);
    case NodeKind::Tool:
        return editor.append(member(ends.agent, "tools"), ends.other.name);
    case NodeKind::Mcp:
        return editor.append(member(ends.agent, "tools"), mcpReference(ends.other));
    case NodeKind::Capability:
        return editor.append(member(ends.agent, "capabilities"), ends.other.name);
    case NodeKind::Data:
        break;
    }
    return editor.set(childPointer(member(ends.agent, "data"), ends.other.name), "read");
}

} // namespace

Result<void> connectNodes(Editor& editor, const NodeId& from, const NodeId& to)
{
    const Graph graph = readGraph(editor.document());
    if (const WireFault fault = wireFault(graph, from, to); fault != WireFault::None)
        return fail(ErrorCode::InvalidInput, editor.document().name(), faultText(fault, from, to));
    const Ends ends = *endsOf(from, to);
    const bool data = ends.kind == WireKind::Data;
    const GraphWire* there = data ? graph.wire(ends.other, ends.agent) : graph.wire(ends.agent, ends.other);
    const char* list = data ? "data" : "capabilities";
    // An implied one becomes said, with its siblings; one more beside implied ones must not end them.
    const bool implied = ends.kind != WireKind::Handoff && (data || ends.other.kind == NodeKind::Capability) &&
        !editor.document().contains(member(ends.agent, list));
    if (implied)
        GH_TRY(sayImplied(editor, ends.agent, ends.kind));
    return there && implied ? Result<void>() : add(editor, ends);
}

Result<void> disconnectNodes(Editor& editor, const NodeId& from, const NodeId& to)
{
    const auto ends = endsOf(from, to);
    const Graph graph = readGraph(editor.document());
    const GraphWire* wire = graph.wire(from, to) || (ends && ends->kind == WireKind::Handoff) ? graph.wire(from, to) : graph.wire(to, from);
    if (!ends || !wire)
        return fail(ErrorCode::NotFound, editor.document().name(), Message("%1 and %2 are not joined", {from.text(), to.text()}));
    if (wire->implied)
        GH_TRY(sayImplied(editor, ends->agent, ends->kind));
    // Every element that names it: a server may be named by several patterns, a path beneath an entry too.
    const std::string own = pointerOf(ends->agent) + '/';
    std::set<std::string> pointers;
    for (Reference& reference : referencesOf(editor.document(), {ends->other}))
        if (reference.pointer.starts_with(own))
            pointers.insert(std::move(reference.pointer));
    return editor.removeAll(pointers);
}

Result<void> setAccess(Editor& editor, const NodeId& data, const NodeId& agent, Access access)
{
    const Graph graph = readGraph(editor.document());
    const GraphWire* wire = graph.wire(data, agent);
    if (!wire || access == Access::Manifest)
        return fail(ErrorCode::NotFound, editor.document().name(), Message("%1 and %2 are not joined", {data.text(), agent.text()}));
    if (wire->implied)
        GH_TRY(sayImplied(editor, agent, WireKind::Data));
    // Of what stands beneath an entry only: that, and not the whole entry.
    const std::string place = wire->implied ? childPointer(member(agent, "data"), data.name) : wire->pointer;
    return editor.set(place, access == Access::Write ? "write" : "read");
}

} // namespace gatehouse::authoring
