#include "core/base/jsondocument.h"

#include "core/base/jsonparser.h"
#include "core/foundation/beneath.h"
#include "core/foundation/uniquefd.h"

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
    const std::string_view raw = rest.substr(1, end - 1);
    rest.remove_prefix(end);
    std::string out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const bool escape = raw[i] == '~' && i + 1 < raw.size() && (raw[i + 1] == '0' || raw[i + 1] == '1');
        out += escape ? (raw[i + 1] == '0' ? '~' : '/') : raw[i];
        i += escape ? 1 : 0;
    }
    return out;
}

} // namespace

Result<JsonDocument> JsonDocument::parse(std::string text, std::string name)
{
    JsonDocument document;
    document.m_text = std::move(text);
    document.m_name = std::move(name);
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

std::optional<std::uint32_t> JsonDocument::childOf(std::uint32_t parent, std::string_view segment) const
{
    std::size_t wanted = 0;
    if (m_nodes[parent].array) {
        const auto [last, code] = std::from_chars(segment.data(), segment.data() + segment.size(), wanted);
        const bool plain = code == std::errc() && last == segment.data() + segment.size() && (segment == "0" || segment.front() != '0');
        if (!plain)
            return std::nullopt;
    }
    std::size_t index = 0;
    for (std::uint32_t child = m_nodes[parent].child; child != 0; child = m_nodes[child].next, ++index) {
        const TextRange key = m_nodes[child].key;
        const bool match = m_nodes[parent].array ? index == wanted
                                                 : unescapeJson(std::string_view(m_text).substr(key.begin, key.end - key.begin)) == segment;
        if (match)
            return child;
    }
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
    for (std::uint32_t child = m_nodes[*node].child; child != 0; child = m_nodes[child].next) {
        const TextRange key = m_nodes[child].key;
        out.push_back(unescapeJson(std::string_view(m_text).substr(key.begin, key.end - key.begin)));
    }
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
        const std::string_view key = std::string_view(m_text).substr(found.key.begin, found.key.end - found.key.begin);
        out.push_back(
            {found.key, found.value,
             m_nodes[*node].object ? childPointer(pointer, std::string_view(unescapeJson(key))) : childPointer(pointer, out.size())});
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
