#include "core/base/jsontokenizer.h"

#include "core/base/textposition.h"
#include "core/base/utf8.h"
#include "core/foundation/hex.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

namespace gatehouse {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

int hexDigit(char c)
{
    if (isDigit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The four digits at offset, or nothing.
std::optional<unsigned> fourHexDigits(std::string_view text, std::size_t offset)
{
    unsigned value = 0;
    if (offset + 4 > text.size())
        return std::nullopt;
    for (std::size_t i = 0; i < 4; ++i) {
        const int digit = hexDigit(text[offset + i]);
        if (digit < 0)
            return std::nullopt;
        value = value * 16 + static_cast<unsigned>(digit);
    }
    return value;
}

bool isHighSurrogate(unsigned unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool isLowSurrogate(unsigned unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

char simpleEscape(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c; // quote, backslash, slash
    }
}

std::string hexByte(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return toHex({&byte, 1});
}

} // namespace

std::unexpected<Error> JsonTokenizer::error(std::size_t offset, Message why, Message advice) const
{
    return fail(ErrorCode::InvalidInput, placeName(std::string(m_name), textPosition(m_text, offset)), std::move(why), std::move(advice));
}

Result<JsonToken> JsonTokenizer::next()
{
    while (m_offset < m_text.size() && isSpace(m_text[m_offset]))
        ++m_offset;
    const std::size_t begin = m_offset;
    if (begin == m_text.size())
        return JsonToken{JsonTokenKind::End, begin, begin};
    const auto single = [&](JsonTokenKind kind) { return JsonToken{kind, begin, ++m_offset}; };
    switch (m_text[begin]) {
    case '{':
        return single(JsonTokenKind::ObjectBegin);
    case '}':
        return single(JsonTokenKind::ObjectEnd);
    case '[':
        return single(JsonTokenKind::ArrayBegin);
    case ']':
        return single(JsonTokenKind::ArrayEnd);
    case ':':
        return single(JsonTokenKind::Colon);
    case ',':
        return single(JsonTokenKind::Comma);
    case '"':
        return stringToken(begin);
    default:
        return m_text[begin] == '-' || isDigit(m_text[begin]) ? numberToken(begin) : wordToken(begin);
    }
}

Result<std::size_t> JsonTokenizer::escapeEnd(std::size_t backslash) const
{
    const char kind = backslash + 1 < m_text.size() ? m_text[backslash + 1] : '\0';
    if (kind != '\0' && std::string_view("\"\\/bfnrt").find(kind) != std::string_view::npos)
        return backslash + 2;
    if (kind != 'u')
        return error(backslash, "There is no such escape in JSON", "Write a backslash itself as \\\\");
    const auto unit = fourHexDigits(m_text, backslash + 2);
    if (!unit)
        return error(backslash, "\\u needs four hexadecimal digits");
    if (isLowSurrogate(*unit))
        return error(backslash, "A lone surrogate is not a character");
    if (!isHighSurrogate(*unit))
        return backslash + 6;
    const bool escapeFollows = m_text.substr(backslash + 6, 2) == "\\u";
    const auto low = escapeFollows ? fourHexDigits(m_text, backslash + 8) : std::nullopt;
    if (!low || !isLowSurrogate(*low))
        return error(backslash, "A lone surrogate is not a character");
    return backslash + 12;
}

Result<JsonToken> JsonTokenizer::stringToken(std::size_t begin)
{
    for (std::size_t i = begin + 1; i < m_text.size();) {
        const char c = m_text[i];
        if (c == '"') {
            m_offset = i + 1;
            return JsonToken{JsonTokenKind::String, begin, m_offset};
        }
        if (c == '\n' || c == '\r')
            return error(begin, "The string is not closed on its line", "Write a line break inside a string as \\n");
        if (static_cast<unsigned char>(c) < 0x20)
            return error(i, Message("The control character %1 stands in a string", {hexByte(c)}), "Write it as an escape");
        if (c == '\\') {
            GH_ASSIGN(i, escapeEnd(i));
        } else if (static_cast<unsigned char>(c) < 0x80) {
            ++i;
        } else {
            const CodePoint point = codePointAt(m_text, i);
            if (!point.valid)
                return error(i, Message("The byte %1 is not valid UTF-8 here", {hexByte(c)}), "Save the file as UTF-8");
            i += point.length;
        }
    }
    return error(begin, "The string is never closed");
}

Result<JsonToken> JsonTokenizer::numberToken(std::size_t begin)
{
    std::size_t i = begin + (m_text[begin] == '-' ? 1 : 0);
    const auto at = [&](std::size_t offset) { return offset < m_text.size() ? m_text[offset] : '\0'; };
    const auto digits = [&] {
        const std::size_t first = i;
        while (isDigit(at(i)))
            ++i;
        return i > first;
    };
    const bool leadingZero = at(i) == '0' && isDigit(at(i + 1));
    if (leadingZero)
        return error(begin, "A number must not begin with zeros");
    bool good = digits();
    if (good && at(i) == '.') {
        ++i;
        good = digits();
    }
    if (good && (at(i) == 'e' || at(i) == 'E')) {
        ++i;
        if (at(i) == '+' || at(i) == '-')
            ++i;
        good = digits();
    }
    if (!good)
        return error(begin, "This is not a number that JSON knows");
    m_offset = i;
    return JsonToken{JsonTokenKind::Number, begin, i};
}

Result<JsonToken> JsonTokenizer::wordToken(std::size_t begin)
{
    const auto word = [&](std::string_view text, JsonTokenKind kind) -> std::optional<JsonToken> {
        if (!m_text.substr(begin).starts_with(text))
            return std::nullopt;
        m_offset = begin + text.size();
        return JsonToken{kind, begin, m_offset};
    };
    if (auto token = word("true", JsonTokenKind::True))
        return *token;
    if (auto token = word("false", JsonTokenKind::False))
        return *token;
    if (auto token = word("null", JsonTokenKind::Null))
        return *token;
    if (m_text.substr(begin).starts_with("\xEF\xBB\xBF"))
        return error(begin, "The file begins with a byte order mark", "Save it as UTF-8 without one");
    if (m_text.substr(begin).starts_with("//") || m_text.substr(begin).starts_with("/*"))
        return error(begin, "JSON has no comments");
    const CodePoint point = codePointAt(m_text, begin);
    if (!point.valid)
        return error(begin, Message("The byte %1 is not valid UTF-8 here", {hexByte(m_text[begin])}), "Save the file as UTF-8");
    if (static_cast<unsigned char>(m_text[begin]) < 0x20)
        return error(begin, Message("The control character %1 stands between values", {hexByte(m_text[begin])}));
    return error(begin, Message("A value can't begin with %1", {std::string(m_text.substr(begin, point.length))}));
}

std::string unescapeJson(std::string_view token)
{
    const std::string_view inner = token.substr(1, token.size() - 2);
    std::string out;
    out.reserve(inner.size());
    for (std::size_t i = 0; i < inner.size();) {
        const std::size_t plain = std::min(inner.find('\\', i), inner.size());
        out += inner.substr(i, plain - i);
        i = plain;
        if (i == inner.size())
            break;
        if (inner[i + 1] != 'u') {
            out += simpleEscape(inner[i + 1]);
            i += 2;
            continue;
        }
        const unsigned unit = fourHexDigits(inner, i + 2).value_or(replacementCharacter);
        const bool pair = isHighSurrogate(unit);
        const unsigned low = pair ? fourHexDigits(inner, i + 8).value_or(0xDC00) : 0;
        appendUtf8(out, pair ? 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00) : unit);
        i += pair ? 12 : 6;
    }
    return out;
}

std::string JsonTokenizer::string(const JsonToken& token) const
{
    return unescapeJson(m_text.substr(token.begin, token.end - token.begin));
}

Result<nlohmann::json> JsonTokenizer::number(const JsonToken& token) const
{
    const std::string_view text = m_text.substr(token.begin, token.end - token.begin);
    const char* end = text.data() + text.size();
    if (text.find_first_of(".eE") == std::string_view::npos) {
        // As nlohmann's own parser: unsigned unless negative.
        std::uint64_t whole = 0;
        if (text.front() != '-' && std::from_chars(text.data(), end, whole).ec == std::errc())
            return nlohmann::json(whole);
        std::int64_t negative = 0;
        if (text.front() == '-' && std::from_chars(text.data(), end, negative).ec == std::errc())
            return nlohmann::json(negative);
        return error(token.begin, "The whole number doesn't fit 64 bits", "Write it as a string");
    }
    double value = 0;
    const auto [last, code] = std::from_chars(text.data(), end, value);
    // Out of range is also what is too small to be told from zero; both would change the number silently.
    if (code != std::errc() || last != end || !std::isfinite(value))
        return error(token.begin, "The number is beyond what a double can hold");
    return nlohmann::json(value);
}

} // namespace gatehouse
