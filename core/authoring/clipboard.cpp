// Parts of a workflow as text: what copy and paste, duplicate and dragging between projects carry.
#include "core/authoring/edits.h"

#include "core/authoring/references.h"
#include "core/base/jsondocument.h"
#include "core/workflow/instructions.h"

#include <utility>

namespace gatehouse::authoring {

using nlohmann::json;

namespace {

constexpr const char* copySchema = "gatehouse:workflow-part/1";
constexpr std::size_t largestCopy = 4u << 20;
// Of one paste: more is no part that a person cut out.
constexpr std::size_t mostNodes = 500;

// What a copy says of a node that is pasted under another name.
using Names = std::map<NodeId, NodeId>;

std::string renamedReference(const NodeId& node, const std::string& text)
{
    if (node.kind != NodeKind::Mcp)
        return node.name;
    const std::size_t slash = text.find('/', 4);
    return "mcp:" + node.name + (slash == std::string::npos ? "" : text.substr(slash));
}

NodeId referenced(NodeKind kind, const std::string& text)
{
    if (kind == NodeKind::Tool && text.starts_with("mcp:"))
        return {NodeKind::Mcp, text.substr(4, text.find('/', 4) - 4)};
    return {kind, text};
}

// Of an agent's list those that are there after the paste, under their names.
json keptList(const json& list, NodeKind kind, const Graph& graph, const Names& names)
{
    json out = json::array();
    for (const json& item : list) {
        if (!item.is_string())
            continue;
        const std::string& text = item.get_ref<const std::string&>();
        const NodeId id = referenced(kind, text);
        if (const auto renamed = names.find(id); renamed != names.end())
            out.push_back(renamedReference(renamed->second, text));
        else if (graph.find(id))
            out.push_back(item);
    }
    return out;
}

json keptData(const json& data, const Graph& graph, const Names& names)
{
    json out = json::object();
    for (const auto& [key, access] : data.items()) {
        const NodeId id{NodeKind::Data, key};
        if (const auto renamed = names.find(id); renamed != names.end())
            out[renamed->second.name] = access;
        else if (graph.find(id))
            out[key] = access;
    }
    return out;
}

json pastedAgent(json agent, const Graph& graph, const Names& names)
{
    for (const auto& [key, kind] : {std::pair("tools", NodeKind::Tool), std::pair("handoffs", NodeKind::Agent)}) {
        if (agent.contains(key) && agent[key].is_array())
            agent[key] = keptList(agent[key], kind, graph, names);
    }
    if (agent.contains("data") && agent["data"].is_object())
        agent["data"] = keptData(agent["data"], graph, names);
    // All at once: a new name may be another one's old one.
    if (agent.contains("instructions") && agent["instructions"].is_string()) {
        agent["instructions"] =
            workflow::fillVariables(agent["instructions"].get<std::string>(), [&](std::string_view name) -> std::optional<std::string> {
                const auto renamed = names.find({NodeKind::Data, std::string(name)});
                return renamed == names.end() ? std::nullopt : std::optional("{{" + renamed->second.name + "}}");
            });
    }
    return agent;
}

struct Part {
    NodeId id;
    json value;
    Place place;
};

std::unexpected<Error> noCopy(const Editor& editor)
{
    return fail(ErrorCode::InvalidInput, editor.document().name(), "The clipboard holds no part of a workflow");
}

Result<std::vector<Part>> partsOf(const Editor& editor, std::string_view text)
{
    if (text.size() > largestCopy)
        return noCopy(editor);
    const auto document = JsonDocument::parse(std::string(text), "clipboard");
    if (!document || valueAt(*document, "/schema") != copySchema)
        return noCopy(editor);
    const json& nodes = valueAt(*document, "/nodes");
    if (!nodes.is_object() || nodes.empty() || nodes.size() > mostNodes)
        return noCopy(editor);
    std::vector<Part> out;
    for (const auto& [key, value] : nodes.items()) {
        const auto id = NodeId::fromText(key);
        if (!id || id->kind == NodeKind::Capability || !value.is_object() || nameFault(id->kind, id->name))
            return noCopy(editor);
        Part part{*id, value, {}};
        const json& place = valueAt(*document, childPointer("/places", key));
        if (place.is_array() && place.size() == 2 && place[0].is_number() && place[1].is_number())
            part.place = {place[0].get<double>(), place[1].get<double>()};
        out.push_back(std::move(part));
    }
    return out;
}

} // namespace

std::string copied(const JsonDocument& document, const std::set<NodeId>& nodes)
{
    json parts = json::object();
    json places = json::object();
    for (const NodeId& node : nodes) {
        if (node.kind == NodeKind::Capability || !document.contains(pointerOf(node)))
            continue;
        parts[node.text()] = valueAt(document, pointerOf(node));
        if (document.contains(placePointer(node)))
            places[node.text()] = valueAt(document, placePointer(node));
    }
    if (parts.empty())
        return {};
    return json{{"schema", copySchema}, {"nodes", parts}, {"places", places}}.dump(2, ' ', false, json::error_handler_t::replace);
}

Result<std::vector<NodeId>> paste(Editor& editor, std::string_view text, Place offset)
{
    GH_ASSIGN(std::vector<Part> parts, partsOf(editor, text));
    Graph graph = readGraph(editor.document());
    Names names;
    for (const Part& part : parts) {
        NodeId id{part.id.kind, freeName(graph, part.id.kind, part.id.name)};
        if (const auto fault = nameFault(id.kind, id.name))
            return fail(ErrorCode::InvalidInput, editor.document().name(), *fault);
        graph.nodeIndex.insert_or_assign(id, graph.nodes.size()); // taken now, also of one that was only named
        graph.nodes.push_back({id, Definition::Here, {}, {}, false, false, {}});
        names.emplace(part.id, std::move(id));
    }
    std::vector<NodeId> out;
    std::map<NodeId, Place> places;
    std::map<NodeKind, std::vector<std::pair<std::string, json>>> members;
    for (Part& part : parts) {
        const NodeId& id = names.at(part.id);
        json value = part.id.kind == NodeKind::Agent ? pastedAgent(std::move(part.value), graph, names) : std::move(part.value);
        members[id.kind].emplace_back(id.name, std::move(value));
        places.emplace(id, Place{part.place.x + offset.x, part.place.y + offset.y});
        out.push_back(id);
    }
    for (const auto& [kind, added] : members)
        GH_TRY(editor.appendAll(containerOf(kind), added));
    GH_TRY(moveNodes(editor, places));
    return out;
}

} // namespace gatehouse::authoring
