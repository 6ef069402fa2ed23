#include "core/approval/span.h"

#include "core/base/utf8.h"
#include "core/policy/confusables.h"

#include <nlohmann/json.hpp>

#include <QChar>
#include <QString>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

namespace gatehouse::approval {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 6> kindNames = {"text", "control", "bidi", "invisible", "homoglyph", "invalid"};

struct Character {
    char32_t value = 0;
    std::size_t begin = 0;
    std::size_t length = 0;
    SpanKind kind = SpanKind::Text;
};

bool isBidi(char32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool isInvisible(char32_t c, bool first)
{
    switch (QChar::category(c)) {
    case QChar::Other_Format:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
    case QChar::Mark_Enclosing:
        return true;
    case QChar::Separator_Space:
        return c != ' ';
    case QChar::Mark_NonSpacing:
    case QChar::Mark_SpacingCombining:
        return first || c == 0x034F || c == 0x17B4 || c == 0x17B5 || (c >= 0x180B && c <= 0x180F) || (c >= 0xFE00 && c <= 0xFE0F) ||
            c >= 0xE0100;
    default:
        break;
    }
    return c == 0x115F || c == 0x1160 || c == 0x2800 || c == 0x3164 || c == 0xFFA0 || (c & 0xFFFE) == 0xFFFE;
}

// Punctuation that passes for ASCII, and the brackets of our own marks.
bool isLookAlikeSign(char32_t c)
{
    static constexpr std::array<char32_t, 17> signs = {0x02D7, 0x037E, 0x2010, 0x2011, 0x2024, 0x2044, 0x2212, 0x2215, 0x2223,
                                                       0x2236, 0x27E6, 0x27E7, 0x29F5, 0x29F8, 0xA789, 0x00B8, 0x02CB};
    return std::ranges::find(signs, c) != signs.end();
}

// Forms such as full-width or mathematical letters, which are ASCII to whoever normalises.
bool isCompatibilityForm(char32_t c)
{
    if (QChar::decompositionTag(c) == QChar::NoDecomposition || QChar::decompositionTag(c) == QChar::Canonical)
        return false;
    const QString form = QString::fromUcs4(&c, 1).normalized(QString::NormalizationForm_KC);
    return form.size() == 1 && form[0].unicode() > 0x20 && form[0].unicode() < 0x7F;
}

SpanKind kindOf(char32_t c, bool first)
{
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029)
        return SpanKind::Control;
    if (c < 0x7F)
        return SpanKind::Text;
    if (isBidi(c))
        return SpanKind::Bidi;
    if (isInvisible(c, first))
        return SpanKind::Invisible;
    return isLookAlikeSign(c) || isCompatibilityForm(c) ? SpanKind::Homoglyph : SpanKind::Text;
}

std::vector<Character> characters(std::string_view bytes)
{
    std::vector<Character> result;
    result.reserve(bytes.size());
    bool first = true; // of what is drawn: a mark must have a letter to stand on
    for (std::size_t at = 0; at < bytes.size();) {
        const CodePoint c = codePointAt(bytes, at);
        Character character{c.value, at, c.length, SpanKind::Invalid};
        if (c.valid)
            character.kind = kindOf(c.value, first);
        first = character.kind != SpanKind::Text && character.kind != SpanKind::Homoglyph;
        result.push_back(character);
        at += c.length;
    }
    return result;
}

bool isAsciiLetter(char32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isForeignLetter(const Character& c)
{
    return c.value >= 0x250 && c.kind == SpanKind::Text && QChar::isLetter(c.value);
}

bool looksLatin(const Character& c)
{
    return isForeignLetter(c) && policy::latinLookAlike(c.value) != c.value;
}

bool inWord(const Character& c)
{
    return c.kind != SpanKind::Invalid && (QChar::isLetterOrNumber(c.value) || c.value == '_');
}

// Letters of another script that look Latin are marked where a word mixes both, and where nothing in the text tells that
// it really is written in the other script.
void markHomoglyphs(std::vector<Character>& all)
{
    if (std::ranges::none_of(all, looksLatin))
        return;
    const bool really = std::ranges::any_of(all, [](const Character& c) { return isForeignLetter(c) && !policy::isLatinTwin(c.value); });
    for (auto begin = all.begin(); begin != all.end();) {
        const auto end = std::find_if_not(begin, all.end(), inWord);
        const bool mixed = std::any_of(begin, end, [](const Character& c) { return isAsciiLetter(c.value); });
        for (auto c = begin; c != end; ++c)
            if (looksLatin(*c) && (mixed || !really))
                c->kind = SpanKind::Homoglyph;
        begin = end == all.end() ? end : end + 1;
    }
}

std::string codePointName(char32_t c)
{
    std::array<char, 16> name;
    std::snprintf(name.data(), name.size(), "U+%04X", static_cast<unsigned>(c));
    return name.data();
}

std::string byteName(unsigned char byte)
{
    std::array<char, 4> name;
    std::snprintf(name.data(), name.size(), "%02X", byte);
    return name.data();
}

void append(Spans& spans, const Character& c, std::string_view bytes)
{
    const std::string_view own = bytes.substr(c.begin, c.length);
    if (spans.empty() || spans.back().kind != c.kind)
        spans.push_back({c.kind, {}});
    std::string& text = spans.back().text;
    if (c.kind == SpanKind::Text || c.kind == SpanKind::Homoglyph) {
        text += own;
        return;
    }
    if (c.kind != SpanKind::Invalid) {
        text += (text.empty() ? "" : " ") + codePointName(c.value);
        return;
    }
    for (const char byte : own)
        text += (text.empty() ? "" : " ") + byteName(static_cast<unsigned char>(byte));
}

// Words of a mark, one space between them.
std::vector<std::string_view> markNames(std::string_view text)
{
    std::vector<std::string_view> result;
    for (;;) {
        const std::size_t space = text.find(' ');
        result.push_back(text.substr(0, space));
        if (space == std::string_view::npos)
            return result;
        text.remove_prefix(space + 1);
    }
}

std::optional<char32_t> hexadecimal(std::string_view digits)
{
    char32_t value = 0;
    if (digits.empty() || digits.size() > 6)
        return std::nullopt;
    for (const char c : digits) {
        const bool digit = c >= '0' && c <= '9';
        if (!digit && !(c >= 'A' && c <= 'F'))
            return std::nullopt;
        value = value * 16 + static_cast<char32_t>(digit ? c - '0' : c - 'A' + 10);
    }
    return value;
}

bool appendMark(const Span& span, std::string& out)
{
    for (const std::string_view name : markNames(span.text)) {
        if (span.kind == SpanKind::Invalid) {
            const auto byte = name.size() == 2 ? hexadecimal(name) : std::nullopt;
            if (!byte)
                return false;
            out += static_cast<char>(*byte);
        } else {
            const auto value = name.starts_with("U+") ? hexadecimal(name.substr(2)) : std::nullopt;
            if (!value || *value > 0x10FFFF)
                return false;
            appendUtf8(out, *value);
        }
    }
    return true;
}

std::string plainHomoglyphs(const std::string& text)
{
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = codePointAt(text, at);
        if (c.value != 0x27E6 && c.value != 0x27E7) // our own brackets would confuse: the mark alone
            result += text.substr(at, c.length);
        result += "⟦" + codePointName(c.value) + "⟧";
        at += c.length;
    }
    return result;
}

std::string plainMark(const Span& span)
{
    std::string result;
    for (const std::string_view name : markNames(span.text))
        result += "⟦" + std::string(name) + "⟧";
    return result;
}

} // namespace

std::string_view spanKindName(SpanKind kind)
{
    return kindNames[static_cast<std::size_t>(kind)];
}

Spans escape(std::string_view bytes)
{
    const bool ordinary = std::ranges::all_of(bytes, [](char c) { return c >= 0x20 && c < 0x7F; });
    if (ordinary)
        return bytes.empty() ? Spans() : Spans{{SpanKind::Text, std::string(bytes)}};
    std::vector<Character> all = characters(bytes);
    markHomoglyphs(all);
    Spans result;
    for (const Character& c : all)
        append(result, c, bytes);
    return result;
}

Result<std::string> unescape(const Spans& spans)
{
    std::string result;
    for (const Span& span : spans) {
        const bool drawn = span.kind == SpanKind::Text || span.kind == SpanKind::Homoglyph;
        if (drawn)
            result += span.text;
        else if (!appendMark(span, result))
            return fail(ErrorCode::Corrupt, "presentation", Message("%1 names no character", {toValidUtf8(span.text)}));
    }
    // The way back decides: nothing passes that would be shown otherwise than its bytes demand.
    if (escape(result) != spans)
        return fail(ErrorCode::Corrupt, "presentation", "A span does not show its bytes");
    return result;
}

std::string plain(const Spans& spans)
{
    std::string result;
    for (const Span& span : spans) {
        switch (span.kind) {
        case SpanKind::Text:
            result += span.text;
            break;
        case SpanKind::Homoglyph:
            result += plainHomoglyphs(span.text);
            break;
        default:
            result += plainMark(span);
        }
    }
    return result;
}

std::string plain(std::string_view bytes)
{
    return plain(escape(bytes));
}

json toJson(const Spans& spans)
{
    if (spans.size() == 1 && spans[0].kind == SpanKind::Text)
        return spans[0].text;
    json result = json::array();
    for (const Span& span : spans)
        result.push_back({spanKindName(span.kind), span.text});
    return result;
}

Result<Spans> spansFromJson(const json& value)
{
    Spans result;
    if (value.is_string())
        result.push_back({SpanKind::Text, value.get<std::string>()});
    bool good = value.is_string() || value.is_array();
    for (const json& span : value.is_array() ? value : json(json::array())) {
        good = good && span.is_array() && span.size() == 2 && span[0].is_string() && span[1].is_string();
        const auto kind = good ? std::ranges::find(kindNames, span[0].get_ref<const std::string&>()) : kindNames.end();
        good = good && kind != kindNames.end();
        if (good)
            result.push_back({static_cast<SpanKind>(kind - kindNames.begin()), span[1].get<std::string>()});
    }
    if (!good)
        return fail(ErrorCode::Corrupt, "presentation", "It holds something that is no span");
    GH_TRY(unescape(result));
    return result;
}

} // namespace gatehouse::approval
