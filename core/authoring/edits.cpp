#include "core/authoring/edits.h"

#include "core/authoring/references.h"
#include "core/workflow/entrypath.h"
#include "core/workflow/workflow.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gatehouse::authoring {

using nlohmann::json;

namespace {

// Up to here each touches its own line; an arrangement of more is written anew, in one edit.
constexpr std::size_t fewMoves = 8;

std::string_view firstName(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Agent:
        return "agent";
    case NodeKind::Tool:
        return "tool";
    case NodeKind::Mcp:
        return "server";
    case NodeKind::Data:
    case NodeKind::Capability:
        break;
    }
    return "notes.md";
}

// What a new node needs to be valid where that can be known.
json freshValue(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Agent:
        return {{"instructions", ""}};
    case NodeKind::Tool: {
        const json parameters = {{"type", "object"}, {"properties", json::object()}, {"additionalProperties", false}};
        return {{"description", ""}, {"parameters", parameters}, {"command", json::array({"sh", "tool.sh"})}};
    }
    case NodeKind::Mcp:
        return {{"command", json::array({"server"})}};
    case NodeKind::Data:
    case NodeKind::Capability:
        break;
    }
    return {{"type", "file"}, {"content", ""}};
}

json placeValue(const Place& place)
{
    // Whole numbers: a hundredth of a pixel is noise in a document that people read.
    const auto whole = [](double at) {
        return std::isfinite(at) ? std::llround(std::clamp(at, -largestCoordinate, largestCoordinate)) : 0;
    };
    return json::array({whole(place.x), whole(place.y)});
}

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::unexpected<Error> notThere(const Editor& editor, const NodeId& node)
{
    return fail(ErrorCode::NotFound, editor.document().name(), Message("There is no %1 in this workflow", {node.text()}));
}

// What nobody says can't be taken out of a list: it ends by saying the others.
Result<void> endImplied(Editor& editor, const NodeId& capability)
{
    for (const GraphWire& wire : readGraph(editor.document()).wires)
        if (wire.implied && wire.to == capability)
            GH_TRY(disconnectNodes(editor, wire.from, wire.to));
    return {};
}

Result<void> removeNode(Editor& editor, const NodeId& node)
{
    if (node.kind == NodeKind::Capability)
        GH_TRY(endImplied(editor, node));
    for (const std::string& reference : referencesOf(editor.document(), node))
        GH_TRY(editor.remove(reference));
    if (node.kind != NodeKind::Capability)
        GH_TRY(editor.remove(pointerOf(node)));
    return editor.remove(placePointer(node));
}

// The entry agent is gone: the first that is left takes its place, so that the document stays valid.
Result<void> keepAnEntry(Editor& editor)
{
    const std::vector<std::string> agents = editor.document().keys("/agents");
    const json& entry = valueAt(editor.document(), "/entry");
    if (agents.empty() || (entry.is_string() && std::ranges::find(agents, entry.get<std::string>()) != agents.end()))
        return {};
    return editor.set("/entry", agents.front());
}

Result<void> renameReferences(Editor& editor, const NodeId& node, std::string_view name)
{
    for (const std::string& reference : referencesOf(editor.document(), node)) {
        if (node.kind == NodeKind::Data) {
            const auto range = editor.document().keyRange(reference);
            const auto key = json::parse(editor.document().text().substr(range->begin, range->end - range->begin), nullptr, false);
            GH_TRY(editor.rename(reference, std::string(name) + key.get_ref<const std::string&>().substr(node.name.size())));
            continue;
        }
        const std::string text = valueAt(editor.document(), reference).get<std::string>();
        const std::string rest = node.kind == NodeKind::Mcp ? text.substr(std::min(text.size(), 4 + node.name.size())) : std::string();
        GH_TRY(editor.set(reference, (node.kind == NodeKind::Mcp ? "mcp:" : "") + std::string(name) + rest));
    }
    return {};
}

Result<void> renameInInstructions(Editor& editor, std::string_view old, std::string_view name)
{
    for (const std::string& agent : editor.document().keys("/agents")) {
        const std::string pointer = childPointer("/agents", agent) + "/instructions";
        const json& text = valueAt(editor.document(), pointer);
        if (text.is_string())
            GH_TRY(editor.set(pointer, renamedVariables(text.get<std::string>(), old, name)));
    }
    return {};
}

} // namespace

std::string freeName(const Graph& graph, NodeKind kind, std::string_view wish)
{
    const std::string base(wish.empty() ? firstName(kind) : wish);
    // Before a file's ending: notes-2.md, not notes.md-2.
    const std::size_t dot = kind == NodeKind::Data ? base.rfind('.') : std::string::npos;
    const bool ending = dot != std::string::npos && dot > base.rfind('/') + 1 && dot > 0;
    for (int number = 1;; ++number) {
        const std::string suffix = number == 1 ? std::string() : '-' + std::to_string(number);
        std::string name = ending ? base.substr(0, dot) + suffix + base.substr(dot) : base + suffix;
        const GraphNode* taken = graph.find({kind, name});
        if (!taken || taken->definition == Definition::Missing)
            return name;
    }
}

std::optional<Message> nameFault(NodeKind kind, std::string_view name)
{
    if (name.empty())
        return Message("A name is needed");
    if (kind == NodeKind::Tool) {
        if (name.size() > 64 || !std::ranges::all_of(name, isNameCharacter))
            return Message("A tool's name has letters, digits, _ and -, at most 64");
        const auto& builtin = workflow::builtinToolNames();
        if (std::ranges::find(builtin, name) != builtin.end())
            return Message("%1 is a tool of the harness: connect its capability instead", {std::string(name)});
    }
    if (kind == NodeKind::Mcp && name.find('/') != std::string_view::npos)
        return Message("A server's name has no slash");
    if (const char* fault = kind == NodeKind::Data ? workflow::entryPathFault(name) : nullptr)
        return Message(fault);
    if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
        return Message("A name has no control characters");
    return std::nullopt;
}

Result<NodeId> addNode(Editor& editor, NodeKind kind, std::string_view wish, Place place)
{
    if (kind == NodeKind::Capability)
        return fail(ErrorCode::InvalidInput, editor.document().name(), "A capability is connected to an agent, not added");
    if (kind == NodeKind::Data)
        return addData(editor, wish, freshValue(kind), place);
    NodeId id{kind, freeName(readGraph(editor.document()), kind, wish)};
    if (const auto fault = nameFault(kind, id.name))
        return fail(ErrorCode::InvalidInput, editor.document().name(), *fault);
    json value = freshValue(kind);
    if (kind == NodeKind::Tool)
        value["command"][1] = id.name + ".sh";
    GH_TRY(editor.set(pointerOf(id), value));
    if (kind == NodeKind::Agent)
        GH_TRY(keepAnEntry(editor));
    GH_TRY(editor.set(placePointer(id), placeValue(place)));
    return id;
}

Result<NodeId> addData(Editor& editor, std::string_view wish, const json& entry, Place place)
{
    NodeId id{NodeKind::Data, freeName(readGraph(editor.document()), NodeKind::Data, wish)};
    if (const auto fault = nameFault(NodeKind::Data, id.name))
        return fail(ErrorCode::InvalidInput, editor.document().name(), *fault);
    GH_TRY(editor.set(pointerOf(id), entry));
    GH_TRY(editor.set(placePointer(id), placeValue(place)));
    return id;
}

Result<void> removeNodes(Editor& editor, const std::set<NodeId>& nodes)
{
    for (const NodeId& node : nodes)
        GH_TRY(removeNode(editor, node));
    return keepAnEntry(editor);
}

Result<void> renameNode(Editor& editor, const NodeId& node, std::string_view name)
{
    if (node.name == name)
        return {};
    if (node.kind == NodeKind::Capability || !editor.document().contains(pointerOf(node)))
        return notThere(editor, node);
    if (const auto fault = nameFault(node.kind, name))
        return fail(ErrorCode::InvalidInput, editor.document().name(), *fault);
    const NodeId renamed{node.kind, std::string(name)};
    if (editor.document().contains(pointerOf(renamed)))
        return fail(ErrorCode::AlreadyExists, editor.document().name(), Message("There is a %1 already", {renamed.text()}));
    GH_TRY(renameReferences(editor, node, name));
    if (node.kind == NodeKind::Data)
        GH_TRY(renameInInstructions(editor, node.name, name));
    if (node.kind == NodeKind::Agent && valueAt(editor.document(), "/entry") == node.name)
        GH_TRY(editor.set("/entry", std::string(name)));
    if (editor.document().contains(placePointer(node)) && !editor.document().contains(placePointer(renamed)))
        GH_TRY(editor.rename(placePointer(node), renamed.text()));
    return editor.rename(pointerOf(node), name);
}

Result<void> setEntry(Editor& editor, const NodeId& agent)
{
    if (agent.kind != NodeKind::Agent || !editor.document().contains(pointerOf(agent)))
        return notThere(editor, agent);
    return editor.set("/entry", agent.name);
}

Result<void> moveNodes(Editor& editor, const std::map<NodeId, Place>& places)
{
    if (places.empty())
        return {};
    if (places.size() <= fewMoves) {
        for (const auto& [node, place] : places)
            GH_TRY(editor.set(placePointer(node), placeValue(place)));
        return {};
    }
    json all = valueAt(editor.document(), "/layout/nodes");
    if (!all.is_object())
        all = json::object();
    for (const auto& [node, place] : places)
        all[node.text()] = placeValue(place);
    return editor.set("/layout/nodes", all);
}

} // namespace gatehouse::authoring
