#include "core/workflow/node.h"

#include "core/workflow/quantities.h"

namespace gatehouse::workflow {

Node::Node(const JsonDocument& document, std::vector<Problem>& problems)
    : m_document(&document), m_problems(&problems), m_value(&document.value())
{
}

Node::Node(const Node& parent, const nlohmann::json* value, std::string pointer)
    : m_document(parent.m_document), m_problems(parent.m_problems), m_value(value), m_pointer(std::move(pointer))
{
}

Node Node::at(std::string_view key) const
{
    const nlohmann::json* child = nullptr;
    if (isObject()) {
        const auto found = m_value->find(key);
        child = found == m_value->end() ? nullptr : &*found;
    }
    return {*this, child, childPointer(m_pointer, key)};
}

std::vector<Node> Node::items() const
{
    std::vector<Node> out;
    if (!isArray())
        return out;
    for (std::size_t i = 0; i < m_value->size(); ++i)
        out.push_back(Node(*this, &(*m_value)[i], childPointer(m_pointer, i)));
    return out;
}

std::vector<std::pair<std::string, Node>> Node::members() const
{
    std::vector<std::pair<std::string, Node>> out;
    if (isObject()) {
        for (std::string& key : m_document->keys(m_pointer)) {
            Node child = at(key);
            out.emplace_back(std::move(key), std::move(child));
        }
    }
    return out;
}

std::string Node::text(std::string_view fallback) const
{
    return isString() ? m_value->get<std::string>() : std::string(fallback);
}

std::optional<std::string> Node::optionalText() const
{
    return isString() ? std::optional(m_value->get<std::string>()) : std::nullopt;
}

std::optional<bool> Node::boolean() const
{
    return m_value && m_value->is_boolean() ? std::optional(m_value->get<bool>()) : std::nullopt;
}

std::optional<double> Node::number() const
{
    return m_value && m_value->is_number() ? std::optional(m_value->get<double>()) : std::nullopt;
}

std::optional<std::int64_t> Node::integer() const
{
    const bool fits = m_value && m_value->is_number_integer() &&
        (!m_value->is_number_unsigned() || m_value->get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX));
    return fits ? std::optional(m_value->get<std::int64_t>()) : std::nullopt;
}

std::optional<std::uint64_t> Node::count() const
{
    const auto value = integer();
    return value && *value >= 0 ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
}

std::vector<std::string> Node::texts() const
{
    std::vector<std::string> out;
    for (const Node& item : items()) {
        if (item.isString())
            out.push_back(item.text());
    }
    return out;
}

std::optional<std::uint64_t> Node::size() const
{
    return isString() ? parsed(parseSize, "size") : count();
}

void Node::report(Severity severity, Message message, const char* rule, bool atKey) const
{
    const TextPosition position = atKey ? m_document->keyPosition(m_pointer) : m_document->position(m_pointer);
    m_problems->push_back({severity, m_document->name(), position, m_pointer, std::move(message), rule});
}

std::string listed(const std::vector<std::string>& names)
{
    if (names.empty())
        return "none";
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i == 8)
            return out + " …";
        if (i > 0)
            out += i + 1 == names.size() ? " or " : ", ";
        out += names[i];
    }
    return out;
}

} // namespace gatehouse::workflow
