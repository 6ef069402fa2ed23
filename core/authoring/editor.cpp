#include "core/authoring/edits.h"

#include <utility>

namespace gatehouse::authoring {

using nlohmann::json;

// The container's pointer, and the last segment as a key.
static std::pair<std::string_view, std::string> split(std::string_view pointer)
{
    const std::size_t slash = pointer.rfind('/');
    if (slash == std::string_view::npos)
        return {{}, std::string(pointer)};
    std::string key;
    const std::string_view segment = pointer.substr(slash + 1);
    for (std::size_t i = 0; i < segment.size(); ++i) {
        const bool escape = segment[i] == '~' && i + 1 < segment.size();
        key += escape ? (segment[++i] == '1' ? '/' : '~') : segment[i];
    }
    return {pointer.substr(0, slash), std::move(key)};
}

Result<void> Editor::apply(Result<TextEdit> edit)
{
    if (!edit)
        return std::unexpected(std::move(edit.error()));
    if (edit->empty())
        return {};
    auto parsed = JsonDocument::parse(applied(m_document.text(), *edit), m_document.name());
    if (!parsed)
        return std::unexpected(std::move(parsed.error()));
    m_document = *std::move(parsed);
    m_edits.push_back(*std::move(edit));
    return {};
}

Result<void> Editor::set(std::string_view pointer, const json& value)
{
    // The nearest ancestor that is there takes all of what is missing in one edit.
    json whole = value;
    while (!pointer.empty()) {
        const auto [container, key] = split(pointer);
        if (m_document.contains(container))
            break;
        whole = json::object({{key, std::move(whole)}});
        pointer = container;
    }
    return apply(setValue(m_document, pointer, whole));
}

Result<void> Editor::remove(std::string_view pointer)
{
    return m_document.contains(pointer) ? apply(removeValue(m_document, pointer)) : Result<void>();
}

Result<void> Editor::rename(std::string_view pointer, std::string_view key)
{
    return apply(renameKey(m_document, pointer, key));
}

Result<void> Editor::append(std::string_view array, const json& value)
{
    if (!m_document.contains(array))
        return set(array, json::array({value}));
    return apply(insertElement(m_document, array, m_document.children(array).size(), value));
}

} // namespace gatehouse::authoring
