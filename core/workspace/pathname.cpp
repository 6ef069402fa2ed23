#include "core/workspace/pathname.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/base/utf8.h"

namespace gatehouse::workspace {

namespace {

// The letters of the C escapes that git uses, from BEL to CR.
constexpr std::string_view escapeLetters = "abtnvfr";

bool needsQuotes(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\';
}

void appendOctal(std::string& out, unsigned char byte)
{
    out += '\\';
    for (const int shift : {6, 3, 0})
        out += static_cast<char>('0' + ((byte >> shift) & 7));
}

void appendQuoted(std::string& out, char c)
{
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
        (out += '\\') += c;
    else if (byte >= 7 && byte <= 13)
        (out += '\\') += escapeLetters[byte - 7u];
    else if (needsQuotes(c))
        appendOctal(out, byte);
    else
        out += c;
}

void appendHexEscape(std::string& out, unsigned char byte)
{
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

// Controls, and what is invisible or changes the direction of the text around it.
bool isUnshowable(char32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
        (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
        (c >= 0xe0000 && c <= 0xe0fff);
}

// The code points that HFS+ leaves out when it compares names.
bool isIgnorable(char32_t c)
{
    return (c >= 0x200c && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x206a && c <= 0x206f) || c == 0xfeff;
}

std::string withoutIgnorable(std::string_view name)
{
    std::string out;
    for (std::size_t i = 0; i < name.size();) {
        const CodePoint point = codePointAt(name, i);
        if (!point.valid || !isIgnorable(point.value))
            out += name.substr(i, point.length);
        i += point.length;
    }
    return out;
}

// What Windows file systems take the name for: up to a stream's colon, without trailing dots and spaces.
std::string_view withoutTail(std::string_view name)
{
    name = name.substr(0, name.find(':'));
    while (!name.empty() && (name.back() == '.' || name.back() == ' '))
        name.remove_suffix(1);
    return name;
}

bool acceptsComponent(std::string_view component)
{
    if (component.empty() || component == "." || component == "..")
        return false;
    std::string name = withoutIgnorable(component);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
    const std::string_view bare = withoutTail(name);
    return bare != ".git" && bare != "git~1";
}

} // namespace

std::string quotedPath(std::string_view path)
{
    if (std::ranges::none_of(path, needsQuotes))
        return std::string(path);
    std::string out = "\"";
    for (const char c : path)
        appendQuoted(out, c);
    return out + '"';
}

std::string shownPath(std::string_view path)
{
    std::string out;
    for (std::size_t i = 0; i < path.size();) {
        const CodePoint point = codePointAt(path, i);
        if (path[i] >= 7 && path[i] <= 13)
            (out += '\\') += escapeLetters[static_cast<std::size_t>(path[i] - 7)];
        else if (path[i] == '\\')
            out += "\\\\";
        else if (!point.valid || isUnshowable(point.value))
            for (const char c : path.substr(i, point.length))
                appendHexEscape(out, static_cast<unsigned char>(c));
        else
            out += path.substr(i, point.length);
        i += point.length;
    }
    return out;
}

bool gitAccepts(std::string_view path)
{
    if (path.find('\0') != std::string_view::npos)
        return false;
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        if (!acceptsComponent(path.substr(start, end - start)))
            return false;
        start = end + 1;
    }
    return true;
}

} // namespace gatehouse::workspace
