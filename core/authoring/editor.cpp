#include "core/authoring/edits.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gatehouse::authoring {

using nlohmann::json;

// The container's pointer, and the last segment as a key.
static std::pair<std::string_view, std::string> split(std::string_view pointer)
{
    const std::size_t slash = pointer.rfind('/');
    if (slash == std::string_view::npos)
        return {{}, std::string(pointer)};
    return {pointer.substr(0, slash), unescapedSegment(pointer.substr(slash + 1))};
}

Result<void> Editor::apply(Result<TextEdit> edit)
{
    if (!edit)
        return std::unexpected(std::move(edit.error()));
    return applyAll({*std::move(edit)});
}

Result<void> Editor::applyAll(std::vector<TextEdit> edits)
{
    GH_ASSIGN(std::vector<TextEdit> ordered, independent(std::move(edits)));
    if (ordered.empty())
        return {};
    // In one pass, from the beginning of the text.
    const std::string_view text = document().text();
    std::string out;
    std::size_t at = 0;
    for (auto edit = ordered.rbegin(); edit != ordered.rend(); ++edit) {
        out += text.substr(at, edit->range.begin - at);
        out += edit->text;
        at = edit->range.end;
    }
    out += text.substr(at);
    GH_ASSIGN(m_own, JsonDocument::parse(std::move(out), document().name()));
    std::ranges::move(ordered, std::back_inserter(m_edits));
    return {};
}

Result<void> Editor::appendAll(std::string_view object, const std::vector<std::pair<std::string, json>>& members)
{
    if (document().contains(object))
        return apply(appendMembers(document(), object, members));
    json made = json::object();
    for (const auto& [key, value] : members)
        made[key] = value;
    return set(object, made);
}

Result<void> Editor::removeAll(const std::set<std::string>& pointers)
{
    GH_ASSIGN(std::vector<TextEdit> edits, removeValues(document(), pointers));
    return applyAll(std::move(edits));
}

Result<void> Editor::set(std::string_view pointer, const json& value)
{
    // The nearest ancestor that is there takes all of what is missing in one edit.
    json whole = value;
    while (!pointer.empty()) {
        const auto [container, key] = split(pointer);
        if (document().contains(container))
            break;
        whole = json::object({{key, std::move(whole)}});
        pointer = container;
    }
    return apply(setValue(document(), pointer, whole));
}

Result<void> Editor::remove(std::string_view pointer)
{
    return document().contains(pointer) ? apply(removeValue(document(), pointer)) : Result<void>();
}

Result<void> Editor::rename(std::string_view pointer, std::string_view key)
{
    return apply(renameKey(document(), pointer, key));
}

Result<void> Editor::append(std::string_view array, const json& value)
{
    if (!document().contains(array))
        return set(array, json::array({value}));
    return apply(insertElement(document(), array, document().children(array).size(), value));
}

} // namespace gatehouse::authoring
