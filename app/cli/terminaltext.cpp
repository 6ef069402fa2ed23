#include "app/cli/terminaltext.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <cstdio>

namespace gatehouse::cli {

static bool isUnsafe(char32_t c)
{
    const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
    const bool bidi = c == 0x061c || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f);
    const bool invisible = c == 0x00ad || c == 0x180e || c == 0x2028 || c == 0x2029 || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
        (c >= 0xe0000 && c <= 0xe0fff);
    return control || bidi || invisible;
}

static void appendEscape(std::string& out, const CodePoint& point, std::string_view bytes)
{
    char escape[16];
    if (point.valid) {
        std::snprintf(escape, sizeof escape, point.value < 0x100 ? "\\x%02x" : "\\u{%x}", static_cast<unsigned>(point.value));
        out += escape;
        return;
    }
    for (const char byte : bytes) {
        std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
        out += escape;
    }
}

std::string terminalSafe(std::string_view text, LineBreaks breaks)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = codePointAt(text, at);
        const std::string_view bytes = text.substr(at, point.length);
        const bool keep = breaks == LineBreaks::Keep && (point.value == U'\n' || point.value == U'\t');
        if (point.valid && (keep || !isUnsafe(point.value)))
            out += bytes;
        else
            appendEscape(out, point, bytes);
        at += point.length;
    }
    return out;
}

static void appendUnit(std::string& out, char32_t unit)
{
    char escape[16];
    std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(unit));
    out += escape;
}

std::string terminalJson(std::string_view json)
{
    std::string out;
    for (std::size_t at = 0; at < json.size();) {
        const CodePoint point = codePointAt(json, at);
        const bool keep = point.valid && (point.value == U'\n' || !isUnsafe(point.value));
        if (keep) {
            out += json.substr(at, point.length);
        } else if (!point.valid) {
            appendUnit(out, 0xfffd);
        } else if (point.value < 0x10000) {
            appendUnit(out, point.value);
        } else {
            appendUnit(out, 0xd800 + ((point.value - 0x10000) >> 10));
            appendUnit(out, 0xdc00 + ((point.value - 0x10000) & 0x3ff));
        }
        at += point.length;
    }
    return out;
}

// How many bytes at the end could be the beginning of a character.
static std::size_t begunAtEnd(std::string_view bytes)
{
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, bytes.size()); ++back) {
        const auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
        if ((byte & 0xc0) == 0x80)
            continue;
        const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        return length > back ? back : 0;
    }
    return 0;
}

std::string TerminalStream::next(std::string_view bytes)
{
    std::string all = std::move(m_begun);
    all += bytes;
    const std::size_t begun = begunAtEnd(all);
    m_begun = all.substr(all.size() - begun);
    all.resize(all.size() - begun);
    return terminalSafe(all, LineBreaks::Keep);
}

std::string TerminalStream::end()
{
    const std::string left = std::move(m_begun);
    m_begun.clear();
    return terminalSafe(left, LineBreaks::Keep);
}

} // namespace gatehouse::cli
