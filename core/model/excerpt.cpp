#include "core/model/excerpt.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace gatehouse::model {
namespace {

struct Character {
    std::size_t length = 0; // 0: not UTF-8 here
    std::uint32_t code = 0;
};

bool isContinuation(std::string_view bytes, std::size_t at)
{
    return at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0xc0) == 0x80;
}

Character characterAt(std::string_view bytes, std::size_t at)
{
    const auto first = static_cast<unsigned char>(bytes[at]);
    if (first < 0x80)
        return {1, first};
    const std::size_t length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first >= 0xf5)
        return {};
    std::uint32_t code = first & (0x7fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (!isContinuation(bytes, at + i))
            return {};
        code = code << 6 | (static_cast<unsigned char>(bytes[at + i]) & 0x3fu);
    }
    static constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool valid = code >= smallest[length] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return valid ? Character{length, code} : Character{};
}

// What can hide or turn text around, or can't be seen.
bool isTreacherous(std::uint32_t code)
{
    struct Range {
        std::uint32_t first, last;
    };
    static constexpr Range ranges[] = {{0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},       {0x61c, 0x61c},   {0x180e, 0x180e},
                                       {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0xfe00, 0xfe0f}, {0xfeff, 0xfeff},
                                       {0xfff9, 0xfffb}, {0xe000, 0xf8ff}, {0xe0000, 0x10ffff}};
    return std::any_of(std::begin(ranges), std::end(ranges), [code](const Range& r) { return code >= r.first && code <= r.last; });
}

std::string escaped(std::uint32_t code, bool isByte)
{
    if (code == '\n' && !isByte)
        return "\\n";
    if (code == '\t' && !isByte)
        return "\\t";
    char text[16];
    std::snprintf(text, sizeof text, isByte || code < 0x80 ? "\\x%02x" : "\\u{%x}", static_cast<unsigned>(code));
    return text;
}

// Length of the longest run at the start of text that also stands somewhere in secret.
std::size_t sharedRun(std::string_view text, std::string_view secret)
{
    std::size_t best = 0;
    for (std::size_t from = 0; from < secret.size(); ++from) {
        std::size_t length = 0;
        while (from + length < secret.size() && length < text.size() && secret[from + length] == text[length])
            ++length;
        best = std::max(best, length);
    }
    return best;
}

} // namespace

std::string excerpt(std::string_view bytes, std::size_t maximum)
{
    std::string out;
    std::size_t at = 0;
    while (at < bytes.size() && at < maximum) {
        const Character c = characterAt(bytes, at);
        if (c.length == 0)
            out += escaped(static_cast<unsigned char>(bytes[at]), true);
        else if (isTreacherous(c.code))
            out += escaped(c.code, false);
        else
            out += bytes.substr(at, c.length);
        at += std::max<std::size_t>(c.length, 1);
    }
    return at < bytes.size() ? out + "…" : out;
}

std::string withoutSecret(std::string_view text, std::string_view secret)
{
    constexpr std::size_t shortest = 6; // shorter runs are shared by chance
    const std::size_t threshold = std::min(shortest, std::max<std::size_t>(secret.size(), 1));
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t run = sharedRun(text.substr(at), secret);
        out += run >= threshold ? std::string_view("[key]") : text.substr(at, 1);
        at += run >= threshold ? run : 1;
    }
    return out;
}

} // namespace gatehouse::model
