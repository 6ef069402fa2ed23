#include "core/authoring/arrange.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

namespace gatehouse::authoring {

namespace {

constexpr double columnGap = 112; // room for a wire and its label
constexpr double rowGap = 28;
constexpr double agentGap = 72; // a handoff's label stands between
constexpr std::size_t longestColumn = 24;
// More than this many nodes without a place are laid out beneath the others, together.
constexpr std::size_t fewUnplaced = 64;

using Places = std::map<NodeId, Place>;

// How deep an agent lies along the handoffs from the entry agent, then from those that nobody hands to. A cycle's way back counts not.
class Depths {
public:
    explicit Depths(const Graph& graph)
    {
        std::set<NodeId> targets;
        for (const GraphWire& wire : graph.wires) {
            if (wire.kind == WireKind::Handoff) {
                m_next[wire.from].push_back(wire.to);
                targets.insert(wire.to);
            }
        }
        std::vector<NodeId> roots;
        for (const GraphNode& node : graph.nodes) {
            if (node.id.kind == NodeKind::Agent && node.entry)
                roots.push_back(node.id);
        }
        for (const GraphNode& node : graph.nodes) {
            if (node.id.kind == NodeKind::Agent && !node.entry && !targets.contains(node.id))
                roots.push_back(node.id);
        }
        for (const GraphNode& node : graph.nodes) {
            if (node.id.kind == NodeKind::Agent)
                roots.push_back(node.id); // of cycles that nobody leads into
        }
        // Breadth first: each agent once, so a hostile graph costs no more than its size.
        for (const NodeId& root : roots)
            spread(root);
    }
    [[nodiscard]] const std::map<NodeId, std::size_t>& depths() const { return m_depth; }

private:
    void spread(const NodeId& root)
    {
        if (!m_depth.emplace(root, 0).second)
            return;
        std::vector<NodeId> front{root};
        for (std::size_t depth = 1; !front.empty(); ++depth) {
            std::vector<NodeId> next;
            for (const NodeId& agent : front) {
                for (const NodeId& target : m_next[agent]) {
                    if (m_depth.emplace(target, depth).second)
                        next.push_back(target);
                }
            }
            front = std::move(next);
        }
    }

    std::map<NodeId, std::vector<NodeId>> m_next;
    std::map<NodeId, std::size_t> m_depth;
};

// The mean height of the agents that a node is joined to, for the order in its column.
std::map<NodeId, double> means(const Graph& graph, const Places& agents)
{
    std::map<NodeId, std::pair<double, int>> sums;
    for (const GraphWire& wire : graph.wires) {
        if (wire.kind == WireKind::Handoff)
            continue;
        const NodeId& agent = wire.kind == WireKind::Data ? wire.to : wire.from;
        const NodeId& other = wire.kind == WireKind::Data ? wire.from : wire.to;
        if (const auto found = agents.find(agent); found != agents.end()) {
            auto& [sum, count] = sums[other];
            sum += found->second.y;
            ++count;
        }
    }
    std::map<NodeId, double> out;
    for (const auto& [node, sum] : sums)
        out.emplace(node, sum.first / sum.second);
    return out;
}

// Nodes of one side, one beneath the other, further columns away from the agents; centred at middle.
void stack(const std::vector<NodeId>& nodes, double nearest, double direction, double middle, Places& out)
{
    for (std::size_t first = 0; first < nodes.size(); first += longestColumn) {
        const std::size_t count = std::min(longestColumn, nodes.size() - first);
        const NodeSize size = nodeSize(nodes[first].kind);
        const double step = size.height + rowGap;
        const std::size_t filled = first / longestColumn;
        const double column = static_cast<double>(filled);
        const double x = nearest + direction * column * (size.width + columnGap / 2);
        const double top = middle - (static_cast<double>(count) * step - rowGap) / 2;
        for (std::size_t i = 0; i < count; ++i)
            out[nodes[first + i]] = {x, top + static_cast<double>(i) * step};
    }
}

std::vector<NodeId> sideOf(const Graph& graph, const Places& agents, bool data)
{
    const std::map<NodeId, double> mean = means(graph, agents);
    std::vector<NodeId> out;
    for (const GraphNode& node : graph.nodes) {
        if (node.id.kind != NodeKind::Agent && (node.id.kind == NodeKind::Data) == data)
            out.push_back(node.id);
    }
    const auto height = [&](const NodeId& id) {
        const auto found = mean.find(id);
        return found == mean.end() ? std::numeric_limits<double>::max() : found->second; // unused: last
    };
    std::ranges::stable_sort(out, {}, height);
    return out;
}

void snap(Places& places)
{
    if (places.empty())
        return;
    double left = std::numeric_limits<double>::max();
    double top = std::numeric_limits<double>::max();
    for (const auto& [node, place] : places) {
        left = std::min(left, place.x);
        top = std::min(top, place.y);
    }
    // The first corner at (40, 72): beneath the canvas's buttons. On the grid of 8.
    for (auto& [node, place] : places) {
        place.x = 40 + std::round((place.x - left) / 8) * 8;
        place.y = 72 + std::round((place.y - top) / 8) * 8;
    }
}

bool overlap(const NodeId& a, const Place& at, const NodeId& b, const Place& there)
{
    const NodeSize mine = nodeSize(a.kind);
    const NodeSize other = nodeSize(b.kind);
    return at.x < there.x + other.width && there.x < at.x + mine.width && at.y < there.y + other.height + rowGap / 2 &&
        there.y < at.y + mine.height + rowGap / 2;
}

// Beside an agent that it is joined to, or beneath all.
Place besideNeighbour(const Graph& graph, const NodeId& node, const Places& placed)
{
    for (const GraphWire& wire : graph.wires) {
        if (wire.from != node && wire.to != node)
            continue;
        const auto found = placed.find(wire.from == node ? wire.to : wire.from);
        if (found == placed.end())
            continue;
        const NodeSize size = nodeSize(found->first.kind);
        switch (node.kind) {
        case NodeKind::Data:
            return {found->second.x - nodeSize(node.kind).width - columnGap, found->second.y};
        case NodeKind::Agent:
            if (found->first.kind == NodeKind::Agent)
                return {found->second.x, found->second.y + size.height + agentGap};
            continue;
        default:
            return {found->second.x + size.width + columnGap, found->second.y};
        }
    }
    Place lowest{40, 72};
    for (const auto& [other, place] : placed)
        lowest.y = std::max(lowest.y, place.y + nodeSize(other.kind).height + rowGap);
    return lowest;
}

// The others keep their arrangement among each other.
void beneath(Places all, const std::set<NodeId>& without, Places& out)
{
    double bottom = 0;
    for (const auto& [node, place] : out)
        bottom = std::max(bottom, place.y + nodeSize(node.kind).height);
    for (const auto& [node, place] : all) {
        if (without.contains(node))
            out.emplace(node, Place{place.x, place.y + bottom});
    }
}

} // namespace

NodeSize nodeSize(NodeKind kind)
{
    return kind == NodeKind::Agent ? NodeSize{232, 88} : NodeSize{208, 64};
}

std::map<NodeId, Place> arranged(const Graph& graph)
{
    Places out;
    const NodeSize size = nodeSize(NodeKind::Agent);
    const Depths depths(graph);
    std::map<std::size_t, std::size_t> used; // agents of a row
    std::size_t widest = 1;
    for (const GraphNode& node : graph.nodes) {
        if (node.id.kind != NodeKind::Agent)
            continue;
        const std::size_t row = depths.depths().at(node.id);
        const std::size_t column = used[row]++;
        widest = std::max(widest, column + 1);
        out[node.id] = {static_cast<double>(column) * (size.width + columnGap / 2), static_cast<double>(row) * (size.height + agentGap)};
    }
    const double rows = static_cast<double>(used.empty() ? 1 : used.rbegin()->first + 1);
    const double middle = (rows * (size.height + agentGap) - agentGap) / 2;
    const double right = static_cast<double>(widest) * (size.width + columnGap / 2) - columnGap / 2;
    const Places agents = out;
    stack(sideOf(graph, agents, true), -columnGap - nodeSize(NodeKind::Data).width, -1, middle, out);
    stack(sideOf(graph, agents, false), right + columnGap, 1, middle, out);
    snap(out);
    return out;
}

std::map<NodeId, Place> placed(const Graph& graph)
{
    Places out;
    std::set<NodeId> without;
    for (const GraphNode& node : graph.nodes) {
        if (node.place)
            out.emplace(node.id, *node.place);
        else
            without.insert(node.id);
    }
    if (out.empty())
        return arranged(graph);
    if (without.size() > fewUnplaced) {
        beneath(arranged(graph), without, out);
        return out;
    }
    for (const GraphNode& node : graph.nodes) {
        if (!without.contains(node.id))
            continue;
        Place place = besideNeighbour(graph, node.id, out);
        for (bool moved = true; moved;) {
            moved = false;
            for (const auto& [other, there] : out) {
                if (overlap(node.id, place, other, there)) {
                    place.y = there.y + nodeSize(other.kind).height + rowGap;
                    moved = true;
                }
            }
        }
        out.emplace(node.id, place);
    }
    return out;
}

} // namespace gatehouse::authoring
