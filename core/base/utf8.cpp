#include "core/base/utf8.h"

#include <cstdint>
#include <cstring>

namespace gatehouse {

static bool isContinuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

// Length of the sequence that a lead byte begins, 0 for a byte that begins none.
static std::size_t sequenceLength(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

// The second byte excludes overlong forms, surrogates and what lies beyond U+10FFFF.
static bool isSecondByte(unsigned char lead, unsigned char second)
{
    switch (lead) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return isContinuation(second);
    }
}

CodePoint codePointAt(std::string_view text, std::size_t offset)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[offset + i]); };
    const unsigned char lead = byte(0);
    const std::size_t length = sequenceLength(lead);
    if (length == 1)
        return {lead, 1, true};
    if (length == 0 || offset + 1 >= text.size() || !isSecondByte(lead, byte(1)))
        return {};
    char32_t value = static_cast<char32_t>(lead & (0xFF >> (length + 1))) << 6 | (byte(1) & 0x3Fu);
    for (std::size_t i = 2; i < length; ++i) {
        if (offset + i >= text.size() || !isContinuation(byte(i)))
            return {replacementCharacter, i, false}; // the well-formed part counts as one (Unicode, 3.9)
        value = value << 6 | (byte(i) & 0x3Fu);
    }
    return {value, length, true};
}

// Bytes at the beginning that are ASCII, eight at a time.
static std::size_t asciiPrefix(std::string_view text)
{
    std::size_t offset = 0;
    for (; offset + 8 <= text.size(); offset += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + offset, sizeof word);
        if ((word & 0x8080808080808080ull) != 0)
            break;
    }
    while (offset < text.size() && static_cast<unsigned char>(text[offset]) < 0x80)
        ++offset;
    return offset;
}

std::size_t validUtf8Prefix(std::string_view text)
{
    std::size_t offset = 0;
    while (offset < text.size()) {
        if (static_cast<unsigned char>(text[offset]) < 0x80) {
            offset += asciiPrefix(text.substr(offset));
            continue;
        }
        const CodePoint point = codePointAt(text, offset);
        if (!point.valid)
            return offset;
        offset += point.length;
    }
    return offset;
}

bool isValidUtf8(std::string_view text)
{
    return validUtf8Prefix(text) == text.size();
}

std::size_t codePointCount(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t offset = 0; offset < text.size(); ++count) {
        const CodePoint point = codePointAt(text, offset);
        offset += point.valid ? point.length : 1;
    }
    return count;
}

void appendUtf8(std::string& out, char32_t codePoint)
{
    if (codePoint > 0x10FFFF || (codePoint >= 0xD800 && codePoint <= 0xDFFF))
        codePoint = replacementCharacter;
    if (codePoint < 0x80) {
        out += static_cast<char>(codePoint);
        return;
    }
    const int more = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
    static constexpr unsigned leads[] = {0, 0xC0, 0xE0, 0xF0};
    out += static_cast<char>(leads[more] | (codePoint >> (6 * more)));
    for (int i = more - 1; i >= 0; --i)
        out += static_cast<char>(0x80 | ((codePoint >> (6 * i)) & 0x3F));
}

std::string toValidUtf8(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t offset = 0; offset < text.size();) {
        const std::size_t valid = validUtf8Prefix(text.substr(offset));
        out += text.substr(offset, valid);
        offset += valid;
        if (offset < text.size()) {
            appendUtf8(out, replacementCharacter);
            offset += codePointAt(text, offset).length;
        }
    }
    return out;
}

} // namespace gatehouse
