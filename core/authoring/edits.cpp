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
Result<void> endImplied(Editor& editor, const std::set<NodeId>& nodes)
{
    std::map<NodeId, json> said; // by agent
    const Graph graph = readGraph(editor.document());
    for (const GraphWire& wire : graph.wires)
        if (wire.implied && wire.kind == WireKind::Use && nodes.contains(wire.to) && !nodes.contains(wire.from))
            said.emplace(wire.from, json::array());
    std::vector<TextEdit> edits;
    for (const GraphWire& wire : graph.wires)
        if (const auto agent = said.find(wire.from);
            agent != said.end() && wire.implied && wire.kind == WireKind::Use && !nodes.contains(wire.to))
            agent->second.push_back(wire.to.name);
    for (const auto& [agent, capabilities] : said) {
        GH_ASSIGN(TextEdit edit, setValue(editor.document(), pointerOf(agent) + "/capabilities", capabilities));
        edits.push_back(std::move(edit));
    }
    return editor.applyAll(std::move(edits));
}

// A new node and its place, read once where both have where to stand.
Result<void> define(Editor& editor, const NodeId& id, const json& value, const Place& place)
{
    const JsonDocument& document = editor.document();
    if (!document.contains(containerOf(id.kind)) || !document.contains("/layout/nodes") || document.contains(placePointer(id))) {
        GH_TRY(editor.set(pointerOf(id), value));
        return editor.set(placePointer(id), placeValue(place));
    }
    GH_ASSIGN(TextEdit definition, appendMembers(document, containerOf(id.kind), {{id.name, value}}));
    GH_ASSIGN(TextEdit placed, appendMembers(document, "/layout/nodes", {{id.text(), placeValue(place)}}));
    return editor.applyAll({std::move(definition), std::move(placed)});
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

// What names it, under its new name.
Result<void> renameReferences(const JsonDocument& document, const NodeId& node, std::string_view name, std::vector<TextEdit>& edits)
{
    const std::vector<Reference> references = referencesOf(document, {node});
    for (const auto& [reference, named] : references) {
        if (node.kind == NodeKind::Data) {
            const std::size_t slash = reference.rfind('/');
            const std::string key =
                std::string(name) + unescapedSegment(std::string_view(reference).substr(slash + 1)).substr(node.name.size());
            // A key that is renamed with it makes room: docs and docs/x become docs/x and docs/x/x.
            const std::string target = childPointer(reference.substr(0, slash), std::string_view(key));
            if (std::ranges::find(references, target, &Reference::pointer) != references.end()) {
                edits.push_back({*document.keyRange(reference), json(key).dump()});
                continue;
            }
            GH_ASSIGN(TextEdit edit, renameKey(document, reference, key));
            edits.push_back(std::move(edit));
            continue;
        }
        const std::string text = valueAt(document, reference).get<std::string>();
        const std::string rest = node.kind == NodeKind::Mcp ? text.substr(std::min(text.size(), 4 + node.name.size())) : std::string();
        GH_ASSIGN(TextEdit edit, setValue(document, reference, (node.kind == NodeKind::Mcp ? "mcp:" : "") + std::string(name) + rest));
        edits.push_back(std::move(edit));
    }
    return {};
}

Result<void> renameInInstructions(const JsonDocument& document, std::string_view old, std::string_view name, std::vector<TextEdit>& edits)
{
    for (const std::string& agent : document.keys("/agents")) {
        const std::string pointer = childPointer("/agents", agent) + "/instructions";
        const json& text = valueAt(document, pointer);
        if (!text.is_string())
            continue;
        GH_ASSIGN(TextEdit edit, setValue(document, pointer, renamedVariables(text.get<std::string>(), old, name)));
        edits.push_back(std::move(edit));
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

static std::string freeNameIn(const Editor& editor, NodeKind kind, std::string_view wish)
{
    const Graph* known = editor.graph();
    return known ? freeName(*known, kind, wish) : freeName(readGraph(editor.document()), kind, wish);
}

Result<NodeId> addNode(Editor& editor, NodeKind kind, std::string_view wish, Place place)
{
    if (kind == NodeKind::Capability)
        return fail(ErrorCode::InvalidInput, editor.document().name(), "A capability is connected to an agent, not added");
    if (kind == NodeKind::Data)
        return addData(editor, wish, freshValue(kind), place);
    NodeId id{kind, freeNameIn(editor, kind, wish)};
    if (const auto fault = nameFault(kind, id.name))
        return fail(ErrorCode::InvalidInput, editor.document().name(), *fault);
    json value = freshValue(kind);
    if (kind == NodeKind::Tool)
        value["command"][1] = id.name + ".sh";
    GH_TRY(define(editor, id, value, place));
    if (kind == NodeKind::Agent)
        GH_TRY(keepAnEntry(editor));
    return id;
}

Result<NodeId> addData(Editor& editor, std::string_view wish, const json& entry, Place place)
{
    NodeId id{NodeKind::Data, freeNameIn(editor, NodeKind::Data, wish)};
    if (const auto fault = nameFault(NodeKind::Data, id.name))
        return fail(ErrorCode::InvalidInput, editor.document().name(), *fault);
    GH_TRY(define(editor, id, entry, place));
    return id;
}

Result<void> removeNodes(Editor& editor, const std::set<NodeId>& nodes)
{
    GH_TRY(endImplied(editor, nodes));
    std::set<std::string> pointers;
    for (Reference& reference : referencesOf(editor.document(), nodes))
        pointers.insert(std::move(reference.pointer));
    for (const NodeId& node : nodes)
        for (std::string pointer : {node.kind == NodeKind::Capability ? std::string() : pointerOf(node), placePointer(node)})
            if (!pointer.empty() && editor.document().contains(pointer))
                pointers.insert(std::move(pointer));
    GH_TRY(editor.removeAll(pointers));
    // The last agent took the entry with it; else a ghost of it would stay, that nobody can delete.
    const json& entry = valueAt(editor.document(), "/entry");
    if (entry.is_string() && editor.document().keys("/agents").empty() && nodes.contains({NodeKind::Agent, entry.get<std::string>()}))
        return editor.remove("/entry");
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
    const JsonDocument& document = editor.document();
    std::vector<TextEdit> edits;
    GH_TRY(renameReferences(document, node, name, edits));
    if (node.kind == NodeKind::Data)
        GH_TRY(renameInInstructions(document, node.name, name, edits));
    if (node.kind == NodeKind::Agent && valueAt(document, "/entry") == node.name) {
        GH_ASSIGN(TextEdit entry, setValue(document, "/entry", std::string(name)));
        edits.push_back(std::move(entry));
    }
    if (document.contains(placePointer(node)) && !document.contains(placePointer(renamed))) {
        GH_ASSIGN(TextEdit place, renameKey(document, placePointer(node), renamed.text()));
        edits.push_back(std::move(place));
    }
    GH_ASSIGN(TextEdit definition, renameKey(document, pointerOf(node), name));
    edits.push_back(std::move(definition));
    return editor.applyAll(std::move(edits));
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
    if (places.size() <= fewMoves && editor.document().contains("/layout/nodes")) {
        std::vector<TextEdit> edits;
        std::vector<std::pair<std::string, json>> added;
        for (const auto& [node, place] : places) {
            if (!editor.document().contains(placePointer(node))) {
                added.emplace_back(node.text(), placeValue(place));
                continue;
            }
            GH_ASSIGN(TextEdit edit, setValue(editor.document(), placePointer(node), placeValue(place)));
            edits.push_back(std::move(edit));
        }
        if (!added.empty()) {
            GH_ASSIGN(TextEdit edit, appendMembers(editor.document(), "/layout/nodes", added));
            edits.push_back(std::move(edit));
        }
        return editor.applyAll(std::move(edits));
    }
    json all = valueAt(editor.document(), "/layout/nodes");
    if (!all.is_object())
        all = json::object();
    for (const auto& [node, place] : places)
        all[node.text()] = placeValue(place);
    return editor.set("/layout/nodes", all);
}

} // namespace gatehouse::authoring
