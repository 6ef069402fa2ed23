#include "core/authoring/references.h"

#include "core/workflow/instructions.h"

#include <algorithm>
#include <charconv>

namespace gatehouse::authoring {

using nlohmann::json;

std::string containerOf(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Agent:
        return "/agents";
    case NodeKind::Tool:
        return "/tools";
    case NodeKind::Mcp:
        return "/mcp";
    case NodeKind::Data:
        return "/manifest/entries";
    case NodeKind::Capability:
        break;
    }
    return {};
}

std::string pointerOf(const NodeId& node)
{
    return childPointer(containerOf(node.kind), node.name);
}

std::string placePointer(const NodeId& node)
{
    return childPointer("/layout/nodes", node.text());
}

// Segment by segment: a json_pointer throws for spellings that keys may have.
const json& valueAt(const JsonDocument& document, std::string_view pointer)
{
    static const json nothing;
    const json* value = &document.value();
    while (!pointer.empty()) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        const std::string segment = unescapedSegment(pointer.substr(1, end - 1));
        pointer.remove_prefix(end);
        if (value->is_object()) {
            const auto found = value->find(segment);
            if (found == value->end())
                return nothing;
            value = &*found;
        } else if (value->is_array()) {
            std::size_t index = 0;
            const auto [last, code] = std::from_chars(segment.data(), segment.data() + segment.size(), index);
            if (code != std::errc() || last != segment.data() + segment.size() || index >= value->size())
                return nothing;
            value = &(*value)[index];
        } else {
            return nothing;
        }
    }
    return *value;
}

// What an element of an agent's capabilities, tools or handoffs names; none: nothing that could be named there.
static std::optional<NodeId> named(const json& item, NodeKind kind)
{
    if (kind == NodeKind::Capability && item.is_object())
        return item.size() == 1 ? std::optional(NodeId{kind, item.begin().key()}) : std::nullopt;
    if (!item.is_string())
        return std::nullopt;
    const std::string& text = item.get_ref<const std::string&>();
    if (kind == NodeKind::Tool && text.starts_with("mcp:"))
        return NodeId{NodeKind::Mcp, text.substr(4, text.find('/', 4) - 4)};
    return NodeId{kind, text};
}

// The entry that a path belongs to: itself, or the nearest that it stands beneath; the path itself where there is none.
static std::string_view entryOf(const JsonDocument& document, std::string_view path)
{
    for (std::size_t end = path.size(); end != std::string_view::npos && end > 0; end = path.rfind('/', end - 1)) {
        if (document.contains(pointerOf({NodeKind::Data, std::string(path.substr(0, end))})))
            return path.substr(0, end);
    }
    return path;
}

static void addListReferences(const JsonDocument& document, const std::string& list, NodeKind kind, const std::set<NodeId>& nodes,
                              std::vector<Reference>& out)
{
    const json& items = valueAt(document, list);
    for (std::size_t i = 0; items.is_array() && i < items.size(); ++i) {
        auto node = named(items[i], kind);
        if (node && nodes.contains(*node))
            out.push_back({childPointer(list, i), *std::move(node)});
    }
}

std::vector<Reference> referencesOf(const JsonDocument& document, const std::set<NodeId>& nodes)
{
    std::vector<Reference> out;
    for (const std::string& agent : document.keys("/agents")) {
        const std::string pointer = childPointer("/agents", agent);
        addListReferences(document, pointer + "/capabilities", NodeKind::Capability, nodes, out);
        addListReferences(document, pointer + "/tools", NodeKind::Tool, nodes, out);
        addListReferences(document, pointer + "/handoffs", NodeKind::Agent, nodes, out);
        for (const std::string& key : document.keys(pointer + "/data")) {
            NodeId node{NodeKind::Data, std::string(entryOf(document, key))};
            if (nodes.contains(node))
                out.push_back({childPointer(pointer + "/data", key), std::move(node)});
        }
    }
    return out;
}

std::string renamedVariables(const std::string& text, std::string_view old, std::string_view name)
{
    return workflow::fillVariables(text, [&](std::string_view variable) -> std::optional<std::string> {
        if (variable == old)
            return "{{" + std::string(name) + "}}";
        return std::nullopt;
    });
}

} // namespace gatehouse::authoring
