#include "widgets/text/jsonwords.h"

#include <QLatin1StringView>

namespace gatehouse::widgets {

static constexpr qsizetype longestLine = 20'000;

// After the closing quote, or the end of the line.
static qsizetype endOfString(QStringView line, qsizetype at)
{
    for (++at; at < line.size(); ++at) {
        if (line[at] == u'\\')
            ++at;
        else if (line[at] == u'"')
            return at + 1;
    }
    return line.size();
}

static bool isKey(QStringView line, qsizetype after)
{
    while (after < line.size() && (line[after] == u' ' || line[after] == u'\t'))
        ++after;
    return after < line.size() && line[after] == u':';
}

static bool isWordCharacter(QChar c)
{
    const char16_t u = c.unicode();
    return (u >= u'a' && u <= u'z') || (u >= u'A' && u <= u'Z') || (u >= u'0' && u <= u'9') || u == u'+' || u == u'-' || u == u'.';
}

static SyntaxKind kindOfWord(QStringView word)
{
    if (word == u"true" || word == u"false" || word == u"null")
        return SyntaxKind::Keyword;
    const char16_t first = word[0].unicode();
    return first == u'-' || (first >= u'0' && first <= u'9') ? SyntaxKind::Number : SyntaxKind::Plain;
}

std::vector<SyntaxSpan> jsonWords(QStringView line)
{
    std::vector<SyntaxSpan> out;
    if (line.size() > longestLine)
        return out;
    const auto add = [&out](qsizetype start, qsizetype end, SyntaxKind kind) {
        if (kind != SyntaxKind::Plain)
            out.push_back({int(start), int(end - start), kind});
    };
    for (qsizetype at = 0; at < line.size();) {
        const qsizetype start = at;
        if (line[at] == u'"') {
            at = endOfString(line, at);
            add(start, at, isKey(line, at) ? SyntaxKind::Type : SyntaxKind::String);
        } else if (isWordCharacter(line[at])) {
            while (at < line.size() && isWordCharacter(line[at]))
                ++at;
            add(start, at, kindOfWord(line.mid(start, at - start)));
        } else {
            ++at;
        }
    }
    return out;
}

std::vector<Bracket> jsonBrackets(QStringView line)
{
    std::vector<Bracket> out;
    for (qsizetype at = 0; at < line.size();) {
        const QChar c = line[at];
        if (c == u'"') {
            at = endOfString(line, at);
            continue;
        }
        if (c == u'{' || c == u'}' || c == u'[' || c == u']')
            out.push_back({int(at), c});
        ++at;
    }
    return out;
}

} // namespace gatehouse::widgets
