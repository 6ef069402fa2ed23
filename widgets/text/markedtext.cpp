#include "widgets/text/markedtext.h"

#include <QTextDocument> // Qt::mightBeRichText

#include <algorithm>

namespace gatehouse::widgets {

static QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

static void append(MarkedText& line, const approval::Span& span, Tabs tabs)
{
    const QString text = fromUtf8(span.text);
    if (span.kind == approval::SpanKind::Text) {
        line.text += text;
        return;
    }
    if (tabs == Tabs::Expand && span.kind == approval::SpanKind::Control && text == QLatin1StringView("U+0009")) {
        line.text += QString(4 - line.text.size() % 4, u' ');
        return;
    }
    const bool asIs = span.kind == approval::SpanKind::Homoglyph;
    const QString mark = asIs ? text : u'[' + text + u']';
    line.marks.push_back({int(line.text.size()), int(mark.size()), span.kind});
    line.text += mark;
}

MarkedText markedText(const approval::Spans& spans, Tabs tabs)
{
    MarkedText line;
    for (const approval::Span& span : spans)
        append(line, span, tabs);
    return line;
}

static constexpr std::size_t longestShown = 4000;

// At most that many bytes, and no character of UTF-8 cut.
static std::size_t wholeCharacters(std::string_view bytes, std::size_t most)
{
    std::size_t end = most;
    while (end > most - 3 && (static_cast<unsigned char>(bytes[end]) & 0xC0) == 0x80)
        --end;
    return end;
}

static bool isPrintableAscii(std::string_view bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

MarkedText markedText(std::string_view bytes, Tabs tabs)
{
    if (isPrintableAscii(bytes))
        return {QString::fromLatin1(bytes.data(), static_cast<qsizetype>(bytes.size())), {}};
    if (tabs == Tabs::Mark)
        return markedText(approval::escape(bytes), tabs);
    // Escaped between tabs, so that a run of control characters that holds one does not swallow it.
    MarkedText line;
    for (std::size_t start = 0; start <= bytes.size();) {
        const std::size_t tab = std::min(bytes.find('\t', start), bytes.size());
        for (const approval::Span& span : approval::escape(bytes.substr(start, tab - start)))
            append(line, span, tabs);
        if (tab == bytes.size())
            break;
        line.text += QString(4 - line.text.size() % 4, u' ');
        start = tab + 1;
    }
    return line;
}

std::vector<MarkedText> markedLines(std::string_view bytes, Tabs tabs)
{
    std::vector<MarkedText> lines;
    for (std::size_t start = 0; start < bytes.size();) {
        const std::size_t end = std::min(bytes.find('\n', start), bytes.size());
        lines.push_back(markedText(bytes.substr(start, end - start), tabs));
        start = end + 1;
    }
    return lines;
}

QString shown(std::string_view bytes)
{
    // A label of megabytes would keep the window busy for seconds; what is to be read whole stands in a view of lines.
    if (bytes.size() > longestShown)
        return shown(bytes.substr(0, wholeCharacters(bytes, longestShown))) + QStringLiteral(" \u2026");
    return isPrintableAscii(bytes) ? QString::fromLatin1(bytes.data(), static_cast<qsizetype>(bytes.size()))
                                   : fromUtf8(approval::plain(bytes));
}

QString bounded(const QString& text)
{
    constexpr auto longest = qsizetype(longestShown);
    if (text.size() <= longest)
        return text;
    return text.left(text.at(longest - 1).isHighSurrogate() ? longest - 1 : longest) + QStringLiteral(" \u2026");
}

QString plainToolTip(const QString& text)
{
    if (!Qt::mightBeRichText(text))
        return text;
    return QStringLiteral("<qt>") + text.toHtmlEscaped().replace(u'\n', QStringLiteral("<br/>")) + QStringLiteral("</qt>");
}

QString withoutMnemonics(const QString& text)
{
    return QString(text).replace(u'&', QStringLiteral("&&"));
}

} // namespace gatehouse::widgets
