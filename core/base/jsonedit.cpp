#include "core/base/jsonedit.h"

#include "core/base/jsonstyle.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace gatehouse {

using nlohmann::json;
using Child = JsonDocument::Child;

namespace {

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// An object or array of the text, and how its children stand in it.
class Container {
public:
    [[nodiscard]] static Result<Container> open(const JsonDocument& document, std::string_view pointer)
    {
        const auto range = document.range(pointer);
        if (!range || (document.text()[range->begin] != '{' && document.text()[range->begin] != '['))
            return fail(ErrorCode::NotFound, document.where(pointer), Message("There is no object or array at %1", {std::string(pointer)}));
        return Container(document, *range, document.children(pointer));
    }

    [[nodiscard]] bool isObject() const { return m_text[m_range.begin] == '{'; }
    [[nodiscard]] const std::vector<Child>& children() const { return m_children; }

    // body: what stands between the separators.
    [[nodiscard]] TextEdit insert(std::size_t index, const std::string& body) const
    {
        if (m_children.empty())
            return {m_range, m_text.substr(m_range.begin, 1) + around(body) + m_text.substr(m_range.end - 1, 1)};
        if (index == m_children.size())
            return {{m_children.back().value.end, m_children.back().value.end}, separator() + body};
        return {{m_children[index].begin(), m_children[index].begin()}, body + separator()};
    }

    [[nodiscard]] TextEdit remove(std::size_t index) const
    {
        if (m_children.size() == 1)
            return {{m_range.begin + 1, m_range.end - 1}, {}};
        if (index + 1 < m_children.size())
            return {{m_children[index].begin(), m_children[index + 1].begin()}, {}};
        return {{m_children[index - 1].value.end, m_children[index].value.end}, {}};
    }

    // What successive removals come to: the children that stay keep what stands before them, of the first ones what stands behind.
    [[nodiscard]] std::vector<TextEdit> removeAll(const std::set<std::size_t>& indices) const
    {
        if (indices.size() == m_children.size())
            return {TextEdit{{m_range.begin + 1, m_range.end - 1}, {}}};
        std::size_t end = m_children.size(); // behind the last one that stays
        while (indices.contains(end - 1))
            --end;
        std::vector<TextEdit> out;
        for (const std::size_t index : indices)
            if (index < end)
                out.push_back({{m_children[index].begin(), m_children[index + 1].begin()}, {}});
        if (end < m_children.size())
            out.push_back({{m_children[end - 1].value.end, m_children.back().value.end}, {}});
        return out;
    }

    // Several members as the body of one insertion.
    [[nodiscard]] std::string members(const std::vector<std::pair<std::string, json>>& members) const
    {
        std::string out;
        for (const auto& [key, value] : members)
            out += (out.empty() ? std::string() : separator()) + member(key, value);
        return out;
    }

    [[nodiscard]] std::string write(const json& value) const
    {
        return writeJson(value, m_style, m_lines ? m_indent : lineIndent(m_text, m_range.begin),
                         m_lines ? JsonLayout::Lines : JsonLayout::OneLine);
    }

    [[nodiscard]] std::string member(std::string_view key, const json& value) const
    {
        const bool known = !m_children.empty() && isObject();
        const std::string colon =
            known ? m_text.substr(m_children.back().key.end, m_children.back().value.begin - m_children.back().key.end) : m_style.colon;
        return writeKey(key) + colon + write(value);
    }

private:
    Container(const JsonDocument& document, TextRange range, std::vector<Child> children)
        : m_text(document.text()), m_range(range), m_children(std::move(children)), m_style(JsonStyle::of(document))
    {
        const std::string own = lineIndent(m_text, m_range.begin);
        m_indent = own + m_style.unit;
        m_lines = m_style.multiline;
        if (m_children.empty())
            return;
        const std::string before = m_text.substr(m_range.begin + 1, m_children.front().begin() - m_range.begin - 1);
        m_lines = before.find('\n') != std::string::npos;
        if (m_lines)
            m_indent = lineIndent(m_text, m_children.front().begin());
    }

    [[nodiscard]] std::string around(const std::string& body) const
    {
        if (m_lines)
            return m_style.newline + m_indent + body + m_style.newline + lineIndent(m_text, m_range.begin);
        const std::string padding = isObject() ? m_style.objectPadding : std::string();
        return padding + body + padding;
    }

    [[nodiscard]] std::string separator() const
    {
        if (m_lines)
            return ',' + m_style.newline + m_indent;
        if (m_children.size() < 2)
            return m_style.separator;
        return m_text.substr(m_children[0].value.end, m_children[1].begin() - m_children[0].value.end);
    }

    const std::string& m_text;
    TextRange m_range;
    std::vector<Child> m_children;
    const JsonStyle& m_style; // the document's, which outlives this
    std::string m_indent;     // of the children, when they stand on lines of their own
    bool m_lines = true;
};

// The pointer of the container, and the last segment as it is written in the pointer.
std::pair<std::string_view, std::string_view> split(std::string_view pointer)
{
    const std::size_t slash = pointer.rfind('/');
    return slash == std::string_view::npos ? std::pair(std::string_view(), pointer)
                                           : std::pair(pointer.substr(0, slash), pointer.substr(slash + 1));
}

std::unexpected<Error> nothingAt(const JsonDocument& document, std::string_view pointer)
{
    return fail(ErrorCode::NotFound, document.where(pointer), Message("There is nothing to edit at %1", {std::string(pointer)}));
}

Result<std::size_t> indexIn(const Container& container, const JsonDocument& document, std::string_view pointer)
{
    const auto range = document.range(pointer);
    const auto found = std::ranges::find_if(container.children(), [&](const Child& child) { return range && child.value == *range; });
    if (found == container.children().end())
        return nothingAt(document, pointer);
    return static_cast<std::size_t>(found - container.children().begin());
}

Result<TextEdit> replace(const JsonDocument& document, std::string_view pointer, TextRange range, const json& value)
{
    // From the text: a json_pointer throws for spellings that documents and their pointers may have.
    if (json::parse(document.text().substr(range.begin, range.end - range.begin), nullptr, false) == value)
        return TextEdit{{range.begin, range.begin}, {}};
    if (pointer.empty()) {
        const JsonStyle& style = JsonStyle::of(document);
        return TextEdit{range, writeJson(value, style, {}, style.multiline ? JsonLayout::Lines : JsonLayout::OneLine)};
    }
    GH_ASSIGN(const Container parent, Container::open(document, split(pointer).first));
    return TextEdit{range, parent.write(value)};
}

} // namespace

std::string applied(std::string_view text, const TextEdit& edit)
{
    std::string out(text.substr(0, edit.range.begin));
    out += edit.text;
    out += text.substr(edit.range.end);
    return out;
}

Result<std::vector<TextEdit>> independent(std::vector<TextEdit> edits)
{
    std::erase_if(edits, [](const TextEdit& edit) { return edit.empty(); });
    std::ranges::sort(edits, [](const TextEdit& left, const TextEdit& right) { return left.range.begin > right.range.begin; });
    for (std::size_t i = 1; i < edits.size(); ++i)
        if (edits[i].range.end > edits[i - 1].range.begin || edits[i].range.begin == edits[i - 1].range.begin)
            return fail(ErrorCode::InvalidInput, {}, "Two edits touch the same place");
    return edits;
}

std::vector<TextChange> changesOf(const std::vector<TextEdit>& edits)
{
    std::vector<TextChange> out;
    for (const TextEdit& edit : edits) {
        const auto end = [](const TextChange& change) { return change.begin + change.added; };
        const auto first = std::ranges::find_if(out, [&](const TextChange& change) { return end(change) >= edit.range.begin; });
        const auto behind = std::find_if(first, out.end(), [&](const TextChange& change) { return change.begin > edit.range.end; });
        TextChange whole{edit.range.begin, edit.range.end - edit.range.begin, edit.text.size()};
        if (first != behind) {
            whole.begin = std::min(whole.begin, first->begin);
            const std::size_t until = std::max(edit.range.end, end(*std::prev(behind)));
            whole.added = until - whole.begin - (edit.range.end - edit.range.begin) + edit.text.size();
            whole.removed = until - whole.begin;
            for (auto change = first; change != behind; ++change)
                whole.removed = whole.removed - change->added + change->removed;
        }
        for (auto change = behind; change != out.end(); ++change)
            change->begin = change->begin - (edit.range.end - edit.range.begin) + edit.text.size();
        out.insert(out.erase(first, behind), whole);
    }
    std::erase_if(out, [](const TextChange& change) { return change.removed == 0 && change.added == 0; });
    return out;
}

TextEdit inverse(std::string_view text, const TextEdit& edit)
{
    return {{edit.range.begin, edit.range.begin + edit.text.size()},
            std::string(text.substr(edit.range.begin, edit.range.end - edit.range.begin))};
}

TextEdit difference(std::string_view before, std::string_view after)
{
    const std::size_t shorter = std::min(before.size(), after.size());
    std::size_t head = 0;
    while (head < shorter && before[head] == after[head])
        ++head;
    while (head > 0 && ((head < before.size() && isContinuation(before[head])) || (head < after.size() && isContinuation(after[head]))))
        --head;
    std::size_t tail = 0;
    while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    while (tail > 0 && isContinuation(before[before.size() - tail]))
        --tail;
    return {{head, before.size() - tail}, std::string(after.substr(head, after.size() - tail - head))};
}

std::vector<TextChange> smallest(std::string_view before, std::string_view after, const std::vector<TextChange>& changes)
{
    std::vector<TextChange> out;
    std::size_t removed = 0; // by the changes so far
    std::size_t added = 0;
    for (const TextChange& change : changes) {
        const std::string_view gone = before.substr(change.begin - added + removed, change.removed);
        const TextEdit edit = difference(gone, after.substr(change.begin, change.added));
        if (!edit.empty())
            out.push_back({change.begin + edit.range.begin, edit.range.end - edit.range.begin, edit.text.size()});
        removed += change.removed;
        added += change.added;
    }
    return out;
}

Result<TextEdit> setValue(const JsonDocument& document, std::string_view pointer, const json& value)
{
    if (const auto range = document.range(pointer))
        return replace(document, pointer, *range, value);
    const auto [parent, segment] = split(pointer);
    if (pointer.empty() || pointer.front() != '/' || !document.contains(parent))
        return nothingAt(document, pointer);
    GH_ASSIGN(const Container container, Container::open(document, parent));
    if (container.isObject())
        return container.insert(container.children().size(), container.member(unescapedSegment(segment), value));
    if (segment != "-" && segment != std::to_string(container.children().size()))
        return nothingAt(document, pointer);
    return container.insert(container.children().size(), container.write(value));
}

Result<TextEdit> insertMember(const JsonDocument& document, std::string_view object, std::size_t index, std::string_view key,
                              const json& value)
{
    GH_ASSIGN(const Container container, Container::open(document, object));
    const std::string pointer = childPointer(object, key);
    if (!container.isObject() || index > container.children().size())
        return nothingAt(document, pointer);
    if (document.contains(pointer))
        return fail(ErrorCode::AlreadyExists, document.where(pointer),
                    Message("The object has the key \"%1\" already", {std::string(key)}));
    return container.insert(index, container.member(key, value));
}

Result<TextEdit> appendMembers(const JsonDocument& document, std::string_view object,
                               const std::vector<std::pair<std::string, json>>& members)
{
    GH_ASSIGN(const Container container, Container::open(document, object));
    if (!container.isObject() || members.empty())
        return nothingAt(document, object);
    std::set<std::string_view> keys;
    for (const auto& [key, value] : members)
        if (!keys.insert(key).second || document.contains(childPointer(object, std::string_view(key))))
            return fail(ErrorCode::AlreadyExists, document.where(object), Message("The object has the key \"%1\" already", {key}));
    return container.insert(container.children().size(), container.members(members));
}

Result<TextEdit> insertElement(const JsonDocument& document, std::string_view array, std::size_t index, const json& value)
{
    GH_ASSIGN(const Container container, Container::open(document, array));
    if (container.isObject() || index > container.children().size())
        return nothingAt(document, childPointer(array, index));
    return container.insert(index, container.write(value));
}

Result<TextEdit> removeValue(const JsonDocument& document, std::string_view pointer)
{
    if (pointer.empty())
        return nothingAt(document, pointer);
    GH_ASSIGN(const Container container, Container::open(document, split(pointer).first));
    GH_ASSIGN(const std::size_t index, indexIn(container, document, pointer));
    return container.remove(index);
}

Result<std::vector<TextEdit>> removeValues(const JsonDocument& document, const std::set<std::string>& pointers)
{
    const auto isBeneathAnother = [&pointers](std::string_view pointer) {
        for (pointer = split(pointer).first; !pointer.empty(); pointer = split(pointer).first)
            if (pointers.contains(std::string(pointer)))
                return true;
        return false;
    };
    std::map<std::string_view, std::set<std::size_t>> places; // beginnings of the values, by what they stand in
    for (const std::string& pointer : pointers) {
        const auto range = document.range(pointer);
        if (!range || pointer.empty())
            return nothingAt(document, pointer);
        if (!isBeneathAnother(pointer))
            places[split(pointer).first].insert(range->begin);
    }
    std::vector<TextEdit> out;
    for (const auto& [pointer, begins] : places) {
        GH_ASSIGN(const Container container, Container::open(document, pointer));
        std::set<std::size_t> indices;
        for (std::size_t i = 0; i < container.children().size(); ++i)
            if (begins.contains(container.children()[i].value.begin))
                indices.insert(i);
        std::ranges::move(container.removeAll(indices), std::back_inserter(out));
    }
    return independent(std::move(out));
}

Result<TextEdit> renameKey(const JsonDocument& document, std::string_view pointer, std::string_view key)
{
    const auto range = document.keyRange(pointer);
    if (!range)
        return nothingAt(document, pointer);
    const auto [parent, segment] = split(pointer);
    if (unescapedSegment(segment) == key)
        return TextEdit{{range->begin, range->begin}, {}};
    if (document.contains(childPointer(parent, key)))
        return fail(ErrorCode::AlreadyExists, document.where(childPointer(parent, key)),
                    Message("The object has the key \"%1\" already", {std::string(key)}));
    return TextEdit{*range, writeKey(key)};
}

Result<TextEdit> moveChild(const JsonDocument& document, std::string_view container, std::size_t from, std::size_t to)
{
    GH_ASSIGN(const Container parent, Container::open(document, container));
    const std::vector<Child>& children = parent.children();
    if (from >= children.size() || to >= children.size())
        return nothingAt(document, childPointer(container, std::max(from, to)));
    std::vector<std::size_t> order(children.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    order.erase(order.begin() + static_cast<std::ptrdiff_t>(from));
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(to), from);
    const std::string& text = document.text();
    std::string out;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Child& child = children[order[i]];
        out += text.substr(child.begin(), child.value.end - child.begin());
        if (i + 1 < order.size())
            out += text.substr(children[i].value.end, children[i + 1].begin() - children[i].value.end);
    }
    const TextEdit all{{children.front().begin(), children.back().value.end}, std::move(out)};
    return difference(text, applied(text, all));
}

} // namespace gatehouse
