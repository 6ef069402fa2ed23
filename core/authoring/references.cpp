#include "core/authoring/references.h"

#include "core/workflow/instructions.h"

#include <algorithm>

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

const json& valueAt(const JsonDocument& document, std::string_view pointer)
{
    static const json nothing;
    const json* value = &document.value();
    // Segment by segment: a json_pointer throws for spellings that keys may have.
    std::string at;
    while (at.size() < pointer.size()) {
        std::size_t end = pointer.find('/', at.size() + 1);
        end = end == std::string_view::npos ? pointer.size() : end;
        const std::string next(pointer.substr(0, end));
        if (value->is_object()) {
            const auto found = std::ranges::find_if(value->items(), [&](const auto& item) { return childPointer(at, item.key()) == next; });
            if (found == value->items().end())
                return nothing;
            value = &found.value();
        } else if (value->is_array()) {
            std::size_t index = 0;
            while (index < value->size() && childPointer(at, index) != next)
                ++index;
            if (index == value->size())
                return nothing;
            value = &(*value)[index];
        } else {
            return nothing;
        }
        at = next;
    }
    return *value;
}

// The element of an agent's tools, handoffs or capabilities that names the node.
static bool names(const json& item, const NodeId& node)
{
    if (node.kind == NodeKind::Capability && item.is_object())
        return item.size() == 1 && item.begin().key() == node.name;
    if (!item.is_string())
        return false;
    const std::string& text = item.get_ref<const std::string&>();
    if (node.kind == NodeKind::Mcp)
        return text == "mcp:" + node.name || text.starts_with("mcp:" + node.name + '/');
    return text == node.name;
}

static const char* listOf(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Agent:
        return "/handoffs";
    case NodeKind::Capability:
        return "/capabilities";
    case NodeKind::Tool:
    case NodeKind::Mcp:
        return "/tools";
    case NodeKind::Data:
        break;
    }
    return "/data";
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

std::vector<std::string> referencesOf(const JsonDocument& document, const NodeId& node)
{
    std::vector<std::string> out;
    for (const std::string& agent : document.keys("/agents")) {
        const std::string list = childPointer("/agents", agent) + listOf(node.kind);
        if (node.kind == NodeKind::Data) {
            for (const std::string& key : document.keys(list)) {
                if (entryOf(document, key) == node.name)
                    out.push_back(childPointer(list, key));
            }
            continue;
        }
        const std::vector<JsonDocument::Child> items = document.children(list);
        const json& value = valueAt(document, list);
        for (std::size_t i = 0; value.is_array() && i < items.size(); ++i) {
            if (names(value[i], node))
                out.push_back(childPointer(list, i));
        }
    }
    std::ranges::reverse(out);
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
