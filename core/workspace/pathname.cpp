#include "core/workspace/pathname.h"

#include <algorithm>
#include <array>
#include <cctype>

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

// The length of the valid UTF-8 sequence at the start of text, 0 when there is none (RFC 3629).
std::size_t sequenceLength(std::string_view text)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = at(0);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length == 0 || length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((at(i) & 0xc0) != 0x80)
            return 0;
    const bool overlong = (lead == 0xe0 && at(1) < 0xa0) || (lead == 0xf0 && at(1) < 0x90);
    const bool outside = (lead == 0xed && at(1) > 0x9f) || (lead == 0xf4 && at(1) > 0x8f);
    return overlong || outside ? 0 : length;
}

// C1 controls, and what changes the direction or the look of the text around it.
bool isUnshowable(std::string_view sequence)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
    if (sequence.size() == 2)
        return at(0) == 0xc2 && at(1) < 0xa0;
    if (sequence.size() != 3)
        return false;
    const unsigned point = (at(0) & 0x0fu) << 12 | (at(1) & 0x3fu) << 6 | (at(2) & 0x3fu);
    return (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f)
        || point == 0xfeff;
}

// Without the code points that HFS+ ignores in names: U+200C-F, U+202A-E, U+206A-F, U+FEFF.
std::string withoutIgnorable(std::string_view name)
{
    std::string out;
    for (std::size_t i = 0; i < name.size();) {
        const std::size_t length = std::max<std::size_t>(1, sequenceLength(name.substr(i)));
        const std::string_view sequence = name.substr(i, length);
        if (length != 3 || !isUnshowable(sequence))
            out += sequence;
        i += length;
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
        const auto byte = static_cast<unsigned char>(path[i]);
        const std::size_t length = sequenceLength(path.substr(i));
        const std::string_view sequence = path.substr(i, std::max<std::size_t>(1, length));
        if (byte >= 7 && byte <= 13)
            (out += '\\') += escapeLetters[byte - 7u];
        else if (byte == '\\')
            out += "\\\\";
        else if (byte < 0x20 || byte == 0x7f || length == 0 || isUnshowable(sequence))
            for (const char c : sequence)
                appendHexEscape(out, static_cast<unsigned char>(c));
        else
            out += sequence;
        i += sequence.size();
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
