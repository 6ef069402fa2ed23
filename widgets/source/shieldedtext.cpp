#include "widgets/source/shieldedtext.h"

#include <QStringDecoder>

#include <algorithm>

namespace gatehouse::widgets {

namespace {

// The private characters: plane 16 holds hidden ones of the basic plane, and in the place of its surrogates, which no text has, the
// bytes that are not UTF-8; the first of plane 15 hold the tags of plane 14. Such characters of the document itself stand byte by byte.
constexpr char32_t hiddenBase = 0x100000;
constexpr char32_t byteBase = 0x10D800;
constexpr char32_t tagBase = 0xF0000;
constexpr char32_t tags = 0xE0000;
constexpr char32_t tagCount = 0x1000;

bool isPrivateOfOurs(char32_t c)
{
    return c >= hiddenBase || (c >= tagBase && c < tagBase + tagCount);
}

bool isFiller(char32_t c)
{
    return c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 || (c >= 0x180B && c <= 0x180F) || c == 0x3164 ||
        c == 0xFFA0 || (c >= 0xFE00 && c <= 0xFE0F) || c == 0x2800 || c == 0xFFFC;
}

bool isHidden(char32_t c)
{
    if (c < 0x7F)
        return c < 0x20 && c != '\n' && c != '\t';
    if (c >= tags && c < tags + tagCount)
        return true;
    if (c > 0xFFFF)
        return false;
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_NotAssigned:
    case QChar::Other_PrivateUse:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
    case QChar::Separator_Space:
        return true;
    default:
        return isFiller(c);
    }
}

struct Decoded {
    char32_t character = 0;
    unsigned bytes = 0; // 0: the first byte is none of UTF-8
};

Decoded decode(std::string_view text)
{
    const auto byte = [&text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned first = byte(0);
    if (first < 0x80)
        return {first, 1};
    const unsigned length = first >= 0xC2 && first <= 0xDF ? 2 : (first & 0xF0) == 0xE0 ? 3 : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
    if (length == 0 || text.size() < length)
        return {};
    char32_t c = first & (0x7Fu >> length);
    for (unsigned i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return {};
        c = c << 6 | (byte(i) & 0x3F);
    }
    constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < smallest[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return {};
    return {c, length};
}

void append(QString& out, char32_t c)
{
    if (c > 0xFFFF) {
        out += QChar(QChar::highSurrogate(c));
        out += QChar(QChar::lowSurrogate(c));
    } else {
        out += QChar(char16_t(c));
    }
}

struct Unit {
    char32_t character = 0;
    int units = 1;
};

Unit unitAt(QStringView text, qsizetype at)
{
    const QChar first = text[at];
    if (first.isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate())
        return {QChar::surrogateToUcs4(first, text[at + 1]), 2};
    if (first.isSurrogate())
        return {QChar::ReplacementCharacter, 1};
    return {first.unicode(), 1};
}

// What a character of the edited text stands for: a byte, or a character.
struct Meaning {
    char32_t character = 0;
    bool isByte = false;
};

Meaning meaningOf(char32_t c)
{
    if (c >= tagBase && c < tagBase + tagCount)
        return {tags + (c - tagBase), false};
    if (c < hiddenBase)
        return {c, false};
    const char32_t of = c - hiddenBase;
    if (of >= 0xD800 && of <= 0xDFFF)
        return {(c - byteBase) & 0xFF, true};
    return {of, false};
}

unsigned sizeOf(Meaning meaning)
{
    const char32_t c = meaning.character;
    return meaning.isByte || c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

void append(std::string& out, Meaning meaning)
{
    const char32_t c = meaning.character;
    const auto put = [&out](char32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
    switch (sizeOf(meaning)) {
    case 1:
        put(c);
        return;
    case 2:
        put(0xC0 | c >> 6);
        break;
    case 3:
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        break;
    default:
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
    }
    put(0x80 | (c & 0x3F));
}

} // namespace

QString shielded(std::string_view bytes)
{
    QString out;
    out.reserve(static_cast<qsizetype>(bytes.size()));
    while (!bytes.empty()) {
        const Decoded found = decode(bytes);
        if (found.bytes == 0 || isPrivateOfOurs(found.character)) {
            const unsigned count = std::max(1u, found.bytes);
            for (unsigned i = 0; i < count; ++i)
                append(out, byteBase + static_cast<unsigned char>(bytes[i]));
            bytes.remove_prefix(count);
            continue;
        }
        const char32_t c = found.character;
        append(out, !isHidden(c) ? c : c > 0xFFFF ? tagBase + (c - tags) : hiddenBase + c);
        bytes.remove_prefix(found.bytes);
    }
    return out;
}

std::string unshielded(QStringView text)
{
    std::string out;
    out.reserve(static_cast<std::size_t>(text.size()));
    for (qsizetype at = 0; at < text.size();) {
        const Unit unit = unitAt(text, at);
        append(out, meaningOf(unit.character));
        at += unit.units;
    }
    return out;
}

std::size_t unshieldedSize(QStringView text)
{
    std::size_t size = 0;
    for (qsizetype at = 0; at < text.size();) {
        const Unit unit = unitAt(text, at);
        size += sizeOf(meaningOf(unit.character));
        at += unit.units;
    }
    return size;
}

qsizetype unitsBefore(QStringView text, std::size_t bytes)
{
    qsizetype at = 0;
    while (at < text.size()) {
        const Unit unit = unitAt(text, at);
        const unsigned size = sizeOf(meaningOf(unit.character));
        if (size > bytes)
            break;
        bytes -= size;
        at += unit.units;
    }
    return at;
}

QString hiddenName(char32_t character)
{
    if (!isPrivateOfOurs(character))
        return {};
    const Meaning meaning = meaningOf(character);
    const QString digits = QString::number(uint(meaning.character), 16).toUpper();
    return meaning.isByte ? QStringLiteral("0x") + digits : QStringLiteral("U+") + digits.rightJustified(4, u'0');
}

bool mayHide(QStringView text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) { return c.unicode() >= 0xDB80 && c.unicode() <= 0xDBFF; });
}

} // namespace gatehouse::widgets
