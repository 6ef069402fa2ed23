#include "core/policy/text.h"

#include "core/base/utf8.h"
#include "core/policy/confusables.h"

#include <QList>
#include <QString>

#include <algorithm>
#include <optional>

namespace gatehouse::policy {

namespace {

// Bytes that decoding may go over. A run of backslashes halves with each round; other nesting loses one layer, so a text of some
// thousand bytes that is nothing but layers is given up on, and said to be.
std::size_t decodingBudget(std::string_view text)
{
    return std::max<std::size_t>(8 << 20, 24 * text.size());
}

// Of one text, before look-alikes are folded; more is given up on as well.
constexpr std::size_t mostReadings = 12;

bool isAscii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::optional<char32_t> digits(std::string_view text, std::size_t count, unsigned base)
{
    if (text.size() < count || count == 0)
        return std::nullopt;
    char32_t value = 0;
    for (const char c : text.substr(0, count)) {
        unsigned digit = 99;
        if (c >= '0' && c <= '9')
            digit = static_cast<unsigned>(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = static_cast<unsigned>((c | 0x20) - 'a') + 10;
        if (digit >= base)
            return std::nullopt;
        value = value * base + digit;
    }
    return value;
}

struct Escape {
    char32_t value;
    std::size_t length; // from the backslash on
};

// \u{74}, and \u0074 with a second half when the first is a high surrogate.
std::optional<Escape> unicodeEscape(std::string_view text)
{
    if (text.size() > 3 && text[2] == '{') {
        const std::size_t close = text.substr(0, 12).find('}');
        if (close == std::string_view::npos || close == 3)
            return std::nullopt;
        const auto value = digits(text.substr(3), close - 3, 16);
        return value ? std::optional(Escape{*value, close + 1}) : std::nullopt;
    }
    const auto first = digits(text.substr(2), 4, 16);
    if (!first)
        return std::nullopt;
    if (*first >= 0xD800 && *first < 0xDC00 && text.size() >= 12 && text[6] == '\\' && text[7] == 'u') {
        const auto second = digits(text.substr(8), 4, 16);
        if (second && *second >= 0xDC00 && *second < 0xE000)
            return Escape{0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00), 12};
    }
    return Escape{*first, 6};
}

std::optional<Escape> octalEscape(std::string_view text)
{
    std::size_t count = 0;
    while (count < 3 && 1 + count < text.size() && text[1 + count] >= '0' && text[1 + count] <= '7')
        ++count;
    const auto value = digits(text.substr(1), count, 8);
    return value ? std::optional(Escape{*value, 1 + count}) : std::nullopt;
}

// text begins with a backslash.
std::optional<Escape> escapeAt(std::string_view text)
{
    if (text.size() < 2)
        return std::nullopt;
    switch (text[1]) {
    case 'n':
        return Escape{'\n', 2};
    case 't':
        return Escape{'\t', 2};
    case 'r':
        return Escape{'\r', 2};
    case 'b':
        return Escape{'\b', 2};
    case 'f':
        return Escape{'\f', 2};
    case '\\':
    case '/':
    case '"':
    case '\'':
        return Escape{static_cast<char32_t>(text[1]), 2};
    case 'u':
        return unicodeEscape(text);
    case 'U':
        if (const auto value = digits(text.substr(2), 8, 16))
            return Escape{*value, 10};
        return std::nullopt;
    case 'x':
        if (const auto value = digits(text.substr(2), 2, 16))
            return Escape{*value, 4};
        return std::nullopt;
    default:
        return octalEscape(text);
    }
}

std::string decodeOnce(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto escape = text[at] == '\\' ? escapeAt(text.substr(at)) : std::nullopt;
        if (!escape) {
            result += text[at++];
            continue;
        }
        appendUtf8(result, escape->value);
        at += escape->length;
    }
    return result;
}

// text begins with a per cent sign.
std::optional<Escape> percentEscape(std::string_view text)
{
    std::size_t at = 1; // past "%25" of "%25", however often
    while (text.substr(at, 2) == "25" && digits(text.substr(at + 2), 2, 16))
        at += 2;
    const auto value = digits(text.substr(at), 2, 16);
    return value ? std::optional(Escape{*value, at + 2}) : std::nullopt;
}

// text begins with "&": a number, or one of the names that markup itself needs. The semicolon may be missing, as for a browser.
std::optional<Escape> characterReference(std::string_view text)
{
    constexpr std::pair<std::string_view, char> names[] = {{"&amp", '&'}, {"&lt", '<'}, {"&gt", '>'}, {"&quot", '"'}, {"&apos", '\''}};
    const auto withSemicolon = [text](std::size_t length) { return length < text.size() && text[length] == ';' ? length + 1 : length; };
    for (const auto& [name, value] : names)
        if (std::ranges::equal(text.substr(0, name.size()), name, {}, [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; }))
            return Escape{static_cast<char32_t>(value), withSemicolon(name.size())};
    if (!text.starts_with("&#"))
        return std::nullopt;
    const bool hex = text.size() > 2 && (text[2] | 0x20) == 'x';
    const unsigned base = hex ? 16 : 10;
    const std::size_t begin = hex ? 3 : 2;
    constexpr char32_t tooLarge = 0x110000;
    char32_t value = 0;
    std::size_t at = begin;
    for (; at < text.size(); ++at) {
        const auto digit = digits(text.substr(at), 1, base);
        if (!digit)
            break;
        value = std::min<char32_t>(value * base + *digit, tooLarge);
    }
    return at > begin && value < tooLarge ? std::optional(Escape{value, withSemicolon(at)}) : std::nullopt;
}

std::string decodeWebOnce(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto escape = text[at] == '%' ? percentEscape(text.substr(at))
            : text[at] == '&'               ? characterReference(text.substr(at))
                                            : std::nullopt;
        if (!escape) {
            result += text[at++];
            continue;
        }
        // Percent escapes are bytes; they may form a character only together.
        if (text[at] == '%')
            result += static_cast<char>(escape->value);
        else
            appendUtf8(result, escape->value);
        at += escape->length;
    }
    return result;
}

// What leaves no ink, or only decorates the letter before it.
bool isInkless(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Mark_NonSpacing:
    case QChar::Mark_Enclosing:
    case QChar::Other_Format:
    case QChar::Other_PrivateUse:
        return true;
    case QChar::Other_Control:
        return c != '\n' && c != '\t' && c != '\r' && c != '\f';
    default:
        break;
    }
    // Hangul fillers, the blank Braille pattern, and what stands for bytes that are no text.
    return c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 || c == 0x2800 || c == 0xFFFD;
}

// Qt's normalisation replaces inside one string and so takes the square of its length: it is given pieces. A piece may end before
// a letter that composes with nothing before it; after a while it ends anywhere, which only an abnormal text can notice.
bool mayCut(const QString& text, qsizetype begin, qsizetype at)
{
    constexpr qsizetype enough = 64, tooMuch = 4096;
    const QChar c = text[at];
    if (at - begin < enough || c.isLowSurrogate())
        return false;
    const bool jamo = c.unicode() >= 0x1100 && c.unicode() <= 0x11FF;
    return at - begin >= tooMuch || (!jamo && (c.isLetterOrNumber() || c.unicode() < 0x80) && c.combiningClass() == 0);
}

// Of one character: its compatibility decomposition, look-alikes folded, what leaves no ink left out.
void appendSkeleton(std::string& out, char32_t c)
{
    if (isInkless(c))
        return;
    const QString parts = QChar::decomposition(c);
    if (parts.isEmpty())
        return appendUtf8(out, latinLookAlike(c));
    for (const char32_t part : parts.toUcs4())
        appendSkeleton(out, part);
}

// Tag characters spell ASCII that nobody sees, but a model reads.
std::string hiddenTags(std::string_view text)
{
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = codePointAt(text, at);
        if (c.value >= 0xE0020 && c.value < 0xE007F)
            result += static_cast<char>(c.value - 0xE0000);
        at += c.length;
    }
    return result;
}

} // namespace

std::string nfkc(std::string_view text)
{
    if (isAscii(text))
        return std::string(text);
    const QString whole = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    QString result;
    result.reserve(whole.size());
    qsizetype begin = 0;
    for (qsizetype at = 1; at <= whole.size(); ++at) {
        if (at < whole.size() && !mayCut(whole, begin, at))
            continue;
        result += whole.mid(begin, at - begin).normalized(QString::NormalizationForm_KC);
        begin = at;
    }
    return result.toStdString();
}

namespace {

struct Decoded {
    std::string text;
    bool whole = true; // nothing was left to decode
};

Decoded decodeAll(std::string text, std::string_view beginnings, std::string (*decode)(std::string_view), std::size_t& budget)
{
    while (text.find_first_of(beginnings) != std::string::npos) {
        if (budget < text.size())
            return {std::move(text), false};
        budget -= text.size();
        std::string next = nfkc(decode(text));
        if (next == text)
            break;
        text = std::move(next);
    }
    return {std::move(text)};
}

Decoded escapesDecoded(std::string_view text, std::size_t& budget)
{
    return decodeAll(nfkc(text), "\\", decodeOnce, budget);
}

Decoded webEscapesDecoded(std::string_view text, std::size_t& budget)
{
    return decodeAll(nfkc(text), "%&", decodeWebOnce, budget);
}

} // namespace

std::string normalised(std::string_view text)
{
    std::size_t budget = decodingBudget(text);
    return escapesDecoded(text, budget).text;
}

std::string webDecoded(std::string_view text)
{
    std::size_t budget = decodingBudget(text);
    return webEscapesDecoded(text, budget).text;
}

std::string skeleton(std::string_view normalisedText)
{
    if (isAscii(normalisedText) && std::ranges::none_of(normalisedText, [](char c) { return isInkless(static_cast<unsigned char>(c)); }))
        return std::string(normalisedText);
    std::string result;
    result.reserve(normalisedText.size());
    for (std::size_t at = 0; at < normalisedText.size();) {
        const CodePoint c = codePointAt(normalisedText, at);
        if (c.value < 0x80 && !isInkless(c.value))
            result += static_cast<char>(c.value);
        else
            appendSkeleton(result, c.value);
        at += c.length;
    }
    return result;
}

std::string unquoted(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '\n')
            ++at;
        else if (text[at] != '\\' && text[at] != '\'' && text[at] != '"')
            result += text[at];
    }
    return result;
}

Readings readings(std::string_view text)
{
    Readings result;
    std::vector<std::string>& texts = result.texts;
    const auto add = [&texts](std::string reading) {
        if (!reading.empty() && std::ranges::find(texts, reading) == texts.end())
            texts.push_back(std::move(reading));
    };
    std::size_t budget = decodingBudget(text);
    texts.emplace_back(text);
    // Whatever undoes what, in whatever order.
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts.size() > mostReadings) {
            result.whole = false;
            break;
        }
        for (const auto decode : {escapesDecoded, webEscapesDecoded}) {
            Decoded decoded = decode(texts[i], budget);
            result.whole = result.whole && decoded.whole;
            add(std::move(decoded.text));
        }
        add(unquoted(nfkc(texts[i])));
    }
    const std::size_t plain = texts.size();
    for (std::size_t i = 0; i < plain; ++i)
        add(skeleton(texts[i]));
    add(hiddenTags(text));
    return result;
}

} // namespace gatehouse::policy
