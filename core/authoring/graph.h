// The graph of a workflow document: agents, tools, capabilities and data as nodes, what an agent may use as wires. What canvas,
// outline and inspector show.
//
// Read from the text's value without judging it: what has another shape is left out, what is named and not defined is a node that
// says so, so a document in the middle of being written has its graph. A hostile one has at most maximumWires. Values; any thread.
#pragma once

#include "core/base/jsondocument.h"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::authoring {

enum class NodeKind {
    Agent,      // /agents/NAME
    Tool,       // /tools/NAME
    Mcp,        // /mcp/NAME: all tools of a server
    Capability, // what comes with the harness: "shell", "filesystem", …; one node for all agents that have it
    Data,       // /manifest/entries/NAME
};

struct NodeId {
    NodeKind kind = NodeKind::Agent;
    std::string name;
    auto operator<=>(const NodeId&) const = default;
    // "agent:planner", "data:repo": the key of its place in "layout".
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static std::optional<NodeId> fromText(std::string_view text);
};

// Beyond it a scene loses its precision; a place there is none.
inline constexpr double largestCoordinate = 1e6;
// In scene units (pixels at 100 %), of a node's top left corner.
struct Place {
    double x = 0;
    double y = 0;
    bool operator==(const Place&) const = default;
};

enum class Definition { Here, Harness, Missing }; // Missing: named by an agent, defined nowhere

struct GraphNode {
    NodeId id;
    Definition definition = Definition::Here;
    std::string pointer; // of what defines it; of what names it when it is missing; empty for a capability
    // One line: the model of an agent, the command of a tool, the source of an entry, the tools of a capability.
    std::string summary;
    bool entry = false;         // gets the task
    bool asTool = false;        // may be called as a tool
    std::optional<Place> place; // as "layout" says
    bool operator==(const GraphNode&) const = default;
};

enum class WireKind {
    Data,    // data → agent
    Use,     // agent → tool, MCP server or capability
    Handoff, // agent → agent
};

enum class Access { Manifest, Read, Write }; // Manifest: the agent says nothing, so as the manifest says

struct GraphWire {
    WireKind kind = WireKind::Use;
    NodeId from;
    NodeId to;
    std::string pointer;              // of the element or member that makes it; empty: it goes without saying (see implied)
    Access access = Access::Manifest; // of data
    // An agent without "data" has all entries, one without "capabilities" has shell and filesystem.
    bool implied = false;
    [[nodiscard]] bool joins(const NodeId& a, const NodeId& b) const { return from == a && to == b; }
    bool operator==(const GraphWire&) const = default;
};

struct Graph {
    std::vector<GraphNode> nodes; // agents, tools, MCP servers, capabilities in use, data; each in the order of the text
    std::vector<GraphWire> wires;
    std::map<NodeId, std::size_t> nodeIndex; // into nodes, into wires: what find() and wire() look up
    std::map<std::pair<NodeId, NodeId>, std::size_t> wireIndex;
    std::map<std::string, std::size_t, std::less<>> definitionIndex; // into nodes, by pointer; what at() looks up

    [[nodiscard]] const GraphNode* find(const NodeId& id) const;
    [[nodiscard]] const GraphWire* wire(const NodeId& from, const NodeId& to) const;
    // The node whose definition holds this pointer: /agents/planner/model is the agent's. Null: none.
    [[nodiscard]] const GraphNode* at(std::string_view pointer) const;
    // The rest only says where these stand.
    bool operator==(const Graph& other) const { return nodes == other.nodes && wires == other.wires; }
};

inline constexpr std::size_t maximumWires = 100'000;
[[nodiscard]] Graph readGraph(const JsonDocument& document);

// What may be joined, and why not. A wire that is there already is refused too.
enum class WireFault { None, SameNode, WrongKinds, AlreadyThere, Missing };
[[nodiscard]] WireFault wireFault(const Graph& graph, const NodeId& from, const NodeId& to);
// The kind that a wire between these would have, whatever its direction was drawn: data always leads to the agent.
[[nodiscard]] std::optional<WireKind> wireKind(NodeKind from, NodeKind to);

} // namespace gatehouse::authoring
