#include "core/base/jsonparser.h"

#include <algorithm>
#include <limits>

namespace gatehouse {

Result<void> JsonParser::run()
{
    if (m_document.m_text.size() > std::numeric_limits<std::uint32_t>::max())
        return fail(ErrorCode::Limit, m_document.m_name, "The document is larger than 4 GiB");
    GH_ASSIGN(const JsonToken first, m_tokens.next());
    if (first.kind == JsonTokenKind::End)
        return m_tokens.error(first.begin, "The document is empty: a JSON value is expected");
    GH_ASSIGN(m_document.m_value, value(first, 0));
    GH_ASSIGN(const JsonToken last, m_tokens.next());
    if (last.kind != JsonTokenKind::End)
        return m_tokens.error(last.begin, "Something follows the end of the document");
    return {};
}

void JsonParser::link(std::uint32_t parent, std::uint32_t& previous, std::uint32_t child)
{
    (previous == 0 ? node(parent).child : node(previous).next) = child;
    previous = child;
}

void JsonParser::makeIndex(std::uint32_t parent, const std::vector<std::uint32_t>& children)
{
    node(parent).index = static_cast<std::uint32_t>(m_document.m_index.size());
    node(parent).count = static_cast<std::uint32_t>(children.size());
    m_document.m_index.insert(m_document.m_index.end(), children.begin(), children.end());
}

Result<nlohmann::json> JsonParser::value(const JsonToken& token, unsigned depth, TextRange key)
{
    const auto index = static_cast<std::uint32_t>(m_document.m_nodes.size());
    m_document.m_nodes.push_back({{token.begin, token.end}, key});
    switch (token.kind) {
    case JsonTokenKind::String:
        return nlohmann::json(m_tokens.string(token));
    case JsonTokenKind::Number:
        return m_tokens.number(token);
    case JsonTokenKind::True:
        return nlohmann::json(true);
    case JsonTokenKind::False:
        return nlohmann::json(false);
    case JsonTokenKind::Null:
        return nlohmann::json(nullptr);
    case JsonTokenKind::ObjectBegin:
    case JsonTokenKind::ArrayBegin:
        if (depth == maximumJsonDepth)
            return m_tokens.error(token.begin, Message("The document is nested deeper than %1 levels", {std::to_string(maximumJsonDepth)}));
        return token.kind == JsonTokenKind::ObjectBegin ? object(index, depth + 1) : array(index, depth + 1);
    case JsonTokenKind::End:
        return m_tokens.error(token.begin, "The document ends where a value is expected");
    case JsonTokenKind::ObjectEnd:
    case JsonTokenKind::ArrayEnd:
    case JsonTokenKind::Colon:
    case JsonTokenKind::Comma:
        break;
    }
    return m_tokens.error(token.begin, "A value is expected here");
}

Result<JsonParser::Member> JsonParser::member(const JsonToken& keyToken, nlohmann::json::object_t& members, unsigned depth)
{
    if (keyToken.kind != JsonTokenKind::String)
        return m_tokens.error(keyToken.begin, "A key in quotes is expected here");
    const std::string key = m_tokens.string(keyToken);
    if (members.contains(key))
        return m_tokens.error(keyToken.begin, Message("The key \"%1\" stands twice in one object", {key}), "Remove one of the two");
    GH_ASSIGN(const JsonToken colon, m_tokens.next());
    if (colon.kind != JsonTokenKind::Colon)
        return m_tokens.error(colon.begin, Message("A colon is expected after the key \"%1\"", {key}));
    GH_ASSIGN(const JsonToken first, m_tokens.next());
    const auto index = static_cast<std::uint32_t>(m_document.m_nodes.size());
    GH_ASSIGN(nlohmann::json read, value(first, depth, {keyToken.begin, keyToken.end}));
    const auto place = members.emplace(key, std::move(read)).first;
    return Member{&place->first, index};
}

Result<nlohmann::json> JsonParser::object(std::uint32_t self, unsigned depth)
{
    node(self).object = true;
    nlohmann::json::object_t members;
    std::vector<std::pair<const std::string*, std::uint32_t>> keys; // the members' own
    std::uint32_t previous = 0;
    GH_ASSIGN(JsonToken token, m_tokens.next());
    while (token.kind != JsonTokenKind::ObjectEnd) {
        GH_ASSIGN(const Member child, member(token, members, depth));
        link(self, previous, child.node);
        keys.emplace_back(child.key, child.node);
        GH_ASSIGN(const JsonToken after, m_tokens.next());
        token = after;
        if (after.kind == JsonTokenKind::ObjectEnd)
            break;
        if (after.kind != JsonTokenKind::Comma)
            return m_tokens.error(after.begin, "A comma or a closing brace is expected here");
        GH_ASSIGN(token, m_tokens.next());
        if (token.kind == JsonTokenKind::ObjectEnd)
            return m_tokens.error(after.begin, "JSON allows no comma before a closing brace", "Remove the comma");
    }
    node(self).value.end = token.end;
    if (keys.size() >= JsonDocument::manyChildren) {
        std::ranges::sort(keys, [](const auto& left, const auto& right) { return *left.first < *right.first; });
        std::vector<std::uint32_t> nodes(keys.size());
        std::ranges::transform(keys, nodes.begin(), [](const auto& key) { return key.second; });
        makeIndex(self, nodes);
    }
    return nlohmann::json(std::move(members));
}

Result<nlohmann::json> JsonParser::array(std::uint32_t self, unsigned depth)
{
    node(self).array = true;
    nlohmann::json::array_t elements;
    std::vector<std::uint32_t> children;
    std::uint32_t previous = 0;
    GH_ASSIGN(JsonToken token, m_tokens.next());
    while (token.kind != JsonTokenKind::ArrayEnd) {
        const auto child = static_cast<std::uint32_t>(m_document.m_nodes.size());
        GH_ASSIGN(nlohmann::json element, value(token, depth));
        elements.push_back(std::move(element));
        children.push_back(child);
        link(self, previous, child);
        GH_ASSIGN(const JsonToken after, m_tokens.next());
        token = after;
        if (after.kind == JsonTokenKind::ArrayEnd)
            break;
        if (after.kind != JsonTokenKind::Comma)
            return m_tokens.error(after.begin, "A comma or a closing bracket is expected here");
        GH_ASSIGN(token, m_tokens.next());
        if (token.kind == JsonTokenKind::ArrayEnd)
            return m_tokens.error(after.begin, "JSON allows no comma before a closing bracket", "Remove the comma");
    }
    node(self).value.end = token.end;
    if (children.size() >= JsonDocument::manyChildren)
        makeIndex(self, children);
    return nlohmann::json(std::move(elements));
}

} // namespace gatehouse
