// Nodes and their wires in words, for a screen reader. Values; GUI thread.
#pragma once

#include "widgets/canvas/canvasscene.h"

namespace gatehouse::widgets {

// "planner, agent, entry, model gpt-x, 2 problems"
[[nodiscard]] QString spokenName(const CanvasNode& node);
// "uses exec_command; hands off to reviewer"; of a node with hundreds of wires the first, and how many more.
[[nodiscard]] QString spokenWires(const authoring::Graph& graph, const authoring::NodeId& node);

} // namespace gatehouse::widgets
