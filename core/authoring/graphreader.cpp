#include "core/authoring/graph.h"

#include <nlohmann/json.hpp>

#include "core/workflow/workflow.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::authoring {

using nlohmann::json;

namespace {

// A member that is text; else empty.
std::string textOf(const json& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const json& memberOf(const json& object, const std::string& key)
{
    static const json nothing;
    if (!object.is_object())
        return nothing;
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

std::string joined(const json& words)
{
    std::string out;
    for (const json& word : words) {
        if (word.is_string())
            out += (out.empty() ? "" : " ") + word.get_ref<const std::string&>();
    }
    return out;
}

std::string toolSummary(const json& tool)
{
    const json& http = memberOf(tool, "http");
    if (http.is_object())
        return textOf(http, "method") + ' ' + textOf(http, "url");
    const json& command = memberOf(tool, "command");
    return command.is_array() ? joined(command) : std::string();
}

std::string dataSummary(const json& entry)
{
    std::string type = textOf(entry, "type");
    for (const char* key : {"repo", "src", "bucket"}) {
        if (const std::string source = textOf(entry, key); !source.empty())
            return type + ' ' + source + (textOf(entry, "ref").empty() ? "" : " @ " + textOf(entry, "ref").substr(0, 12));
    }
    return type;
}

std::string mcpSummary(const json& server)
{
    const json& command = memberOf(server, "command");
    return command.is_array() ? joined(command) : textOf(server, "url");
}

// "shell" of "shell" and of {"shell": {…}}.
std::string capabilityOf(const json& item)
{
    if (item.is_string())
        return item.get<std::string>();
    return item.is_object() && item.size() == 1 ? item.begin().key() : std::string();
}

std::string capabilitySummary(const std::string& name)
{
    std::string out;
    for (const workflow::Capability each : {workflow::Capability::Shell, workflow::Capability::Filesystem}) {
        if (workflow::capabilityName(each) == name)
            for (const std::string& tool : workflow::capabilityTools(each))
                out += (out.empty() ? "" : ", ") + tool;
    }
    return out;
}

class Reader {
public:
    explicit Reader(const JsonDocument& document) : m_document(document), m_root(document.value()) { }

    Graph read() &&
    {
        define("/agents", NodeKind::Agent, [](const json& agent) { return textOf(agent, "model"); });
        define("/tools", NodeKind::Tool, toolSummary);
        define("/mcp", NodeKind::Mcp, mcpSummary);
        define("/manifest/entries", NodeKind::Data, dataSummary);
        m_entries = m_document.keys("/manifest/entries");
        for (const std::string& name : m_document.keys("/agents"))
            join(name);
        finishAgents();
        std::ranges::stable_sort(m_graph.nodes, {}, [](const GraphNode& node) { return node.id.kind; });
        for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
            m_graph.nodeIndex.insert_or_assign(m_graph.nodes[i].id, i);
            if (m_graph.nodes[i].definition == Definition::Here)
                m_graph.definitionIndex.emplace(m_graph.nodes[i].pointer, i);
        }
        takePlaces();
        return std::move(m_graph);
    }

private:
    template <typename Summary> void define(const char* container, NodeKind kind, Summary summary)
    {
        const json* values = find(container);
        if (!values || !values->is_object())
            return;
        for (const std::string& name : m_document.keys(container)) {
            GraphNode node;
            node.id = {kind, name};
            node.pointer = childPointer(container, name);
            node.summary = summary(values->at(name));
            add(std::move(node));
        }
    }

    [[nodiscard]] const json* find(const char* pointer) const
    {
        const json::json_pointer place(pointer);
        return m_root.contains(place) ? &m_root.at(place) : nullptr;
    }

    void add(GraphNode node)
    {
        if (m_graph.nodeIndex.emplace(node.id, m_graph.nodes.size()).second)
            m_graph.nodes.push_back(std::move(node));
    }

    // What is named where nothing is defined is there all the same, and says so.
    void name(const NodeId& id, const std::string& pointer)
    {
        if (m_graph.nodeIndex.contains(id))
            return;
        GraphNode node;
        node.id = id;
        node.definition = Definition::Missing;
        node.pointer = pointer;
        add(std::move(node));
    }

    void wire(GraphWire wire)
    {
        if (m_graph.wires.size() < maximumWires && m_graph.wireIndex.emplace(std::pair(wire.from, wire.to), m_graph.wires.size()).second)
            m_graph.wires.push_back(std::move(wire));
    }

    void join(const std::string& name)
    {
        const NodeId agent{NodeKind::Agent, name};
        const json& value = memberOf(memberOf(m_root, "agents"), name);
        const std::string pointer = childPointer("/agents", name);
        if (!value.is_object())
            return;
        joinData(agent, memberOf(value, "data"), pointer + "/data");
        joinCapabilities(agent, value, pointer + "/capabilities");
        joinTools(agent, memberOf(value, "tools"), pointer + "/tools");
        joinHandoffs(agent, memberOf(value, "handoffs"), pointer + "/handoffs");
    }

    // What an agent's data names: an entry, or what stands beneath one.
    [[nodiscard]] NodeId entryOf(const std::string& path) const
    {
        for (std::size_t end = path.size(); end != std::string::npos && end > 0; end = path.rfind('/', end - 1)) {
            if (const NodeId id{NodeKind::Data, path.substr(0, end)}; m_graph.nodeIndex.contains(id))
                return id;
        }
        return {NodeKind::Data, path};
    }

    void joinData(const NodeId& agent, const json& data, const std::string& pointer)
    {
        if (data.is_object()) {
            for (const std::string& entry : m_document.keys(pointer)) {
                const NodeId id = entryOf(entry);
                name(id, childPointer(pointer, entry));
                const Access access = data.at(entry) == "write" ? Access::Write : Access::Read;
                wire({WireKind::Data, id, agent, childPointer(pointer, entry), access, false});
            }
        } else {
            for (const std::string& entry : m_entries)
                wire({WireKind::Data, {NodeKind::Data, entry}, agent, {}, Access::Manifest, true});
        }
    }

    void joinCapability(const NodeId& agent, const std::string& capability, std::string pointer)
    {
        if (capability.empty())
            return;
        const NodeId id{NodeKind::Capability, capability};
        if (!m_graph.nodeIndex.contains(id)) {
            GraphNode node;
            node.id = id;
            node.definition = Definition::Harness;
            node.summary = capabilitySummary(capability);
            add(std::move(node));
        }
        const bool implied = pointer.empty();
        wire({WireKind::Use, agent, id, std::move(pointer), Access::Manifest, implied});
    }

    void joinCapabilities(const NodeId& agent, const json& value, const std::string& pointer)
    {
        if (!value.contains("capabilities")) {
            joinCapability(agent, "shell", {});
            joinCapability(agent, "filesystem", {});
            return;
        }
        const json& capabilities = memberOf(value, "capabilities");
        if (!capabilities.is_array())
            return;
        for (std::size_t i = 0; i < capabilities.size(); ++i)
            joinCapability(agent, capabilityOf(capabilities[i]), childPointer(pointer, i));
    }

    void joinTools(const NodeId& agent, const json& tools, const std::string& pointer)
    {
        if (!tools.is_array())
            return;
        for (std::size_t i = 0; i < tools.size(); ++i) {
            if (!tools[i].is_string())
                continue;
            const std::string& text = tools[i].get_ref<const std::string&>();
            const bool server = text.starts_with("mcp:");
            const NodeId id{server ? NodeKind::Mcp : NodeKind::Tool, server ? text.substr(4, text.find('/', 4) - 4) : text};
            name(id, childPointer(pointer, i));
            wire({WireKind::Use, agent, id, childPointer(pointer, i), Access::Manifest, false});
        }
    }

    void joinHandoffs(const NodeId& agent, const json& handoffs, const std::string& pointer)
    {
        if (!handoffs.is_array())
            return;
        for (std::size_t i = 0; i < handoffs.size(); ++i) {
            if (!handoffs[i].is_string())
                continue;
            const NodeId id{NodeKind::Agent, handoffs[i].get<std::string>()};
            name(id, childPointer(pointer, i));
            wire({WireKind::Handoff, agent, id, childPointer(pointer, i), Access::Manifest, false});
        }
    }

    void finishAgents()
    {
        const std::string entry = textOf(m_root, "entry");
        if (!entry.empty())
            name({NodeKind::Agent, entry}, "/entry");
        for (GraphNode& node : m_graph.nodes) {
            if (node.id.kind != NodeKind::Agent)
                continue;
            node.entry = node.id.name == entry;
            node.asTool = memberOf(memberOf(memberOf(m_root, "agents"), node.id.name), "asTool").is_object();
        }
    }

    void takePlaces()
    {
        const json& nodes = memberOf(memberOf(m_root, "layout"), "nodes");
        for (GraphNode& node : m_graph.nodes) {
            const json& place = memberOf(nodes, node.id.text());
            if (!place.is_array() || place.size() != 2 || !place[0].is_number() || !place[1].is_number())
                continue;
            const Place found{place[0].get<double>(), place[1].get<double>()};
            if (std::abs(found.x) <= largestCoordinate && std::abs(found.y) <= largestCoordinate)
                node.place = found;
        }
    }

    const JsonDocument& m_document;
    const json& m_root;
    Graph m_graph;
    std::vector<std::string> m_entries;
};

} // namespace

Graph readGraph(const JsonDocument& document)
{
    return Reader(document).read();
}

} // namespace gatehouse::authoring
