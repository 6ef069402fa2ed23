#include "core/base/jsondocument.h"

#include "core/base/jsonparser.h"
#include "core/foundation/beneath.h"
#include "core/foundation/uniquefd.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/stat.h>

namespace gatehouse {

namespace {

// The next segment of a pointer's rest, unescaped; the rest begins with "/".
std::string takeSegment(std::string_view& rest)
{
    const std::size_t end = std::min(rest.find('/', 1), rest.size());
    std::string out = unescapedSegment(rest.substr(1, end - 1));
    rest.remove_prefix(end);
    return out;
}

} // namespace

Result<JsonDocument> JsonDocument::parse(std::string text, std::string name)
{
    JsonDocument document;
    document.m_text = std::move(text);
    document.m_name = std::move(name);
    document.m_style = makeStyleCache();
    GH_TRY(JsonParser(document).run());
    return document;
}

Result<JsonDocument> JsonDocument::read(const std::string& path, std::uint64_t maximumBytes)
{
    // O_NONBLOCK: a FIFO in a document's place must not hold us.
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd)
        return failErrno(path, "Could not open", errno);
    struct stat status = {};
    if (::fstat(fd.get(), &status) != 0)
        return failErrno(path, "Could not inspect", errno);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::InvalidInput, path, "This is not a regular file");
    GH_ASSIGN(std::string text, readAll(fd.get(), path, maximumBytes));
    return parse(std::move(text), path);
}

std::string JsonDocument::keyOf(std::uint32_t node) const
{
    const TextRange key = m_nodes[node].key;
    return unescapeJson(std::string_view(m_text).substr(key.begin, key.end - key.begin));
}

std::optional<std::uint32_t> JsonDocument::childOf(std::uint32_t parent, std::string_view segment) const
{
    const Node& container = m_nodes[parent];
    if (container.array) {
        std::size_t wanted = 0;
        const auto [last, code] = std::from_chars(segment.data(), segment.data() + segment.size(), wanted);
        const bool plain = code == std::errc() && last == segment.data() + segment.size() && (segment == "0" || segment.front() != '0');
        if (!plain)
            return std::nullopt;
        if (container.count > 0)
            return wanted < container.count ? std::optional(m_index[container.index + wanted]) : std::nullopt;
        std::uint32_t child = container.child;
        for (; child != 0 && wanted > 0; --wanted)
            child = m_nodes[child].next;
        return child == 0 ? std::nullopt : std::optional(child);
    }
    if (container.count > 0) {
        const auto begin = m_index.begin() + container.index;
        const auto end = begin + container.count;
        const auto found =
            std::lower_bound(begin, end, segment, [this](std::uint32_t node, std::string_view key) { return keyOf(node) < key; });
        return found != end && keyOf(*found) == segment ? std::optional(*found) : std::nullopt;
    }
    for (std::uint32_t child = container.child; child != 0; child = m_nodes[child].next)
        if (keyOf(child) == segment)
            return child;
    return std::nullopt;
}

std::optional<std::uint32_t> JsonDocument::find(std::string_view pointer) const
{
    std::uint32_t node = 0;
    while (!pointer.empty()) {
        if (pointer.front() != '/')
            return std::nullopt;
        const auto child = childOf(node, takeSegment(pointer));
        if (!child)
            return std::nullopt;
        node = *child;
    }
    return node;
}

std::uint32_t JsonDocument::nearest(std::string_view pointer) const
{
    std::uint32_t node = 0;
    while (!pointer.empty() && pointer.front() == '/') {
        const auto child = childOf(node, takeSegment(pointer));
        if (!child)
            break;
        node = *child;
    }
    return node;
}

std::vector<std::string> JsonDocument::keys(std::string_view pointer) const
{
    std::vector<std::string> out;
    const auto node = find(pointer);
    if (!node || !m_nodes[*node].object)
        return out;
    for (std::uint32_t child = m_nodes[*node].child; child != 0; child = m_nodes[child].next)
        out.push_back(keyOf(child));
    return out;
}

std::vector<JsonDocument::Child> JsonDocument::children(std::string_view pointer) const
{
    std::vector<Child> out;
    const auto node = find(pointer);
    if (!node)
        return out;
    for (std::uint32_t child = m_nodes[*node].child; child != 0; child = m_nodes[child].next) {
        const Node& found = m_nodes[child];
        out.push_back({found.key, found.value,
                       m_nodes[*node].object ? childPointer(pointer, std::string_view(keyOf(child))) : childPointer(pointer, out.size())});
    }
    return out;
}

std::optional<TextRange> JsonDocument::range(std::string_view pointer) const
{
    const auto node = find(pointer);
    return node ? std::optional(m_nodes[*node].value) : std::nullopt;
}

std::optional<TextRange> JsonDocument::keyRange(std::string_view pointer) const
{
    const auto node = find(pointer);
    if (!node || m_nodes[*node].key == TextRange{})
        return std::nullopt;
    return m_nodes[*node].key;
}

TextPosition JsonDocument::position(std::string_view pointer) const
{
    return textPosition(m_text, m_nodes[nearest(pointer)].value.begin);
}

TextPosition JsonDocument::keyPosition(std::string_view pointer) const
{
    const auto key = keyRange(pointer);
    return key ? textPosition(m_text, key->begin) : position(pointer);
}

std::string JsonDocument::where(std::string_view pointer) const
{
    return placeName(m_name, position(pointer));
}

std::string unescapedSegment(std::string_view segment)
{
    std::string out;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        const bool escape = segment[i] == '~' && i + 1 < segment.size() && (segment[i + 1] == '0' || segment[i + 1] == '1');
        out += escape ? (segment[i + 1] == '0' ? '~' : '/') : segment[i];
        i += escape ? 1 : 0;
    }
    return out;
}

std::string childPointer(std::string_view pointer, std::string_view segment)
{
    std::string out(pointer);
    out += '/';
    for (const char c : segment) {
        if (c == '~' || c == '/')
            out += c == '~' ? "~0" : "~1";
        else
            out += c;
    }
    return out;
}

std::string childPointer(std::string_view pointer, std::size_t index)
{
    return std::string(pointer) + '/' + std::to_string(index);
}

} // namespace gatehouse
