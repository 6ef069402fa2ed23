// Where a document names a node, beside its definition. Internal to core/authoring.
#pragma once

#include "core/authoring/edits.h"

#include <string>
#include <vector>

namespace gatehouse::authoring {

// An element or member of an agent that names a node.
struct Reference {
    std::string pointer;
    NodeId node;
};
// All that name one of these; "/entry" is not among them. Costs what the document costs, however many nodes are asked for.
[[nodiscard]] std::vector<Reference> referencesOf(const JsonDocument& document, const std::set<NodeId>& nodes);
// A text's {{old}} become {{name}}; what else stands there stays.
[[nodiscard]] std::string renamedVariables(const std::string& text, std::string_view old, std::string_view name);
// "/agents", "/tools", "/mcp", "/manifest/entries"; empty for a capability.
[[nodiscard]] std::string containerOf(NodeKind kind);
[[nodiscard]] std::string pointerOf(const NodeId& node);
[[nodiscard]] std::string placePointer(const NodeId& node);
// The value there; null when there is none.
[[nodiscard]] const nlohmann::json& valueAt(const JsonDocument& document, std::string_view pointer);

} // namespace gatehouse::authoring
