#include "core/base/jsonstyle.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <mutex>

namespace gatehouse {

using nlohmann::json;

// A container of scalars stays on one line up to here.
static constexpr std::size_t longestLine = 100;

namespace {

std::string_view between(std::string_view text, std::size_t begin, std::size_t end)
{
    return text.substr(begin, end - begin);
}

std::string scalar(const json& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool isFlat(const json& value)
{
    return std::ranges::all_of(value, [](const json& child) { return !child.is_structured() || child.empty(); });
}

// The first object or array on one line tells how the author spaces them.
void readOneLineStyle(const JsonDocument& document, JsonStyle& style)
{
    const std::string_view text = document.text();
    bool separatorKnown = false;
    bool paddingKnown = false;
    document.visitContainers([&](const JsonDocument::Spacing& spacing) {
        const std::string_view before = between(text, spacing.container.begin + 1, spacing.first.begin);
        if (before.find('\n') != std::string_view::npos)
            return true;
        if (!paddingKnown && text[spacing.container.begin] == '{') {
            style.objectPadding = before;
            paddingKnown = true;
        }
        if (!separatorKnown && spacing.second != TextRange{}) {
            const std::string_view separator = between(text, spacing.first.end, spacing.second.begin);
            separatorKnown = separator.find('\n') == std::string_view::npos;
            if (separatorKnown)
                style.separator = separator;
        }
        return !separatorKnown || !paddingKnown;
    });
}

class Writer {
public:
    explicit Writer(const JsonStyle& style) : m_style(style) { }

    [[nodiscard]] std::string write(const json& value, const std::string& indent, JsonLayout layout) const
    {
        if (!value.is_structured())
            return scalar(value);
        if (value.empty())
            return value.is_object() ? "{}" : "[]";
        std::string line = oneLine(value);
        if (layout == JsonLayout::OneLine || (isFlat(value) && indent.size() + line.size() <= longestLine))
            return line;
        return lines(value, indent);
    }

private:
    [[nodiscard]] std::string oneLine(const json& value) const
    {
        std::string out(1, value.is_object() ? '{' : '[');
        out += value.is_object() ? m_style.objectPadding : std::string();
        bool first = true;
        for (auto child = value.begin(); child != value.end(); ++child) {
            out += first ? std::string() : m_style.separator;
            if (value.is_object())
                out += writeKey(child.key()) + m_style.colon;
            out += write(*child, {}, JsonLayout::OneLine);
            first = false;
        }
        out += value.is_object() ? m_style.objectPadding + '}' : "]";
        return out;
    }

    [[nodiscard]] std::string lines(const json& value, const std::string& indent) const
    {
        const std::string inner = indent + m_style.unit;
        std::string out(1, value.is_object() ? '{' : '[');
        for (auto child = value.begin(); child != value.end(); ++child) {
            out += child == value.begin() ? m_style.newline : ',' + m_style.newline;
            out += inner;
            if (value.is_object())
                out += writeKey(child.key()) + m_style.colon;
            out += write(*child, inner, JsonLayout::Lines);
        }
        out += m_style.newline + indent + (value.is_object() ? '}' : ']');
        return out;
    }

    const JsonStyle& m_style;
};

} // namespace

static JsonStyle readStyle(const JsonDocument& document)
{
    JsonStyle style;
    const std::string_view text = document.text();
    style.newline = text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
    const auto children = document.children({});
    const auto root = document.range({});
    if (children.empty() || !root)
        return style;
    style.multiline = between(text, root->begin, children.front().begin()).find('\n') != std::string_view::npos;
    if (style.multiline) {
        const std::string own = lineIndent(text, root->begin);
        const std::string inner = lineIndent(text, children.front().begin());
        if (inner.size() > own.size() && inner.starts_with(own))
            style.unit = inner.substr(own.size());
    }
    if (children.front().key != TextRange{})
        style.colon = between(text, children.front().key.end, children.front().value.begin);
    readOneLineStyle(document, style);
    return style;
}

struct JsonDocument::StyleCache {
    std::once_flag once;
    JsonStyle style;
};

std::shared_ptr<JsonDocument::StyleCache> JsonDocument::makeStyleCache()
{
    return std::make_shared<StyleCache>();
}

const JsonStyle& JsonStyle::of(const JsonDocument& document)
{
    JsonDocument::StyleCache& cache = *document.m_style;
    std::call_once(cache.once, [&] { cache.style = readStyle(document); });
    return cache.style;
}

std::string lineIndent(std::string_view text, std::size_t offset)
{
    const std::size_t newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
    const std::size_t end = std::min(text.find_first_not_of(" \t", begin), text.size());
    return std::string(between(text, begin, std::min(end, offset)));
}

std::string writeKey(std::string_view key)
{
    return scalar(json(key));
}

std::string writeJson(const json& value, const JsonStyle& style, const std::string& indent, JsonLayout layout)
{
    return Writer(style).write(value, indent, layout);
}

} // namespace gatehouse
