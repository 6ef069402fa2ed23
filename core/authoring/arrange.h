// A place for every node: data on the left, agents in columns along their handoffs, tools on the right. The same graph gives the
// same places. Layers by longest path, order within a layer by the mean of the neighbours (Sugiyama, Tagawa, Toda 1981). Any thread.
#pragma once

#include "core/authoring/graph.h"

#include <map>

namespace gatehouse::authoring {

struct NodeSize {
    double width = 208;
    double height = 64;
};
[[nodiscard]] NodeSize nodeSize(NodeKind kind);

// Of all nodes, those with a place of their own included.
[[nodiscard]] std::map<NodeId, Place> arranged(const Graph& graph);
// Of all nodes: those that have a place keep it, the others are put beside what they are joined to, on none of the others.
[[nodiscard]] std::map<NodeId, Place> placed(const Graph& graph);

} // namespace gatehouse::authoring
