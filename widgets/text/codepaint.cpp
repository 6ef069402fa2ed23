#include "widgets/text/codepaint.h"

#include <QPainter>
#include <QTextLayout>

#include <algorithm>

#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"

namespace gatehouse::widgets {

namespace {

QColor syntaxInk(SyntaxKind kind)
{
    const Tokens& t = tokens();
    switch (kind) {
    case SyntaxKind::Keyword:
    case SyntaxKind::Type:
    case SyntaxKind::Function:
        return t.accentTintText;
    case SyntaxKind::String:
        return t.ok;
    case SyntaxKind::Number:
        return t.ask;
    case SyntaxKind::Comment:
        return t.second;
    case SyntaxKind::Plain:
        break;
    }
    return t.text;
}

void addFormat(QList<QTextLayout::FormatRange>& formats, int start, int length, int rowStart, int rowLength, const QTextCharFormat& format)
{
    const int from = std::max(start, rowStart);
    const int to = std::min(start + length, rowStart + rowLength);
    if (from < to)
        formats.append({from - rowStart, to - from, format});
}

QTextCharFormat coloured(const QColor& colour)
{
    QTextCharFormat format;
    format.setForeground(colour);
    return format;
}

QTextCharFormat wordFormat()
{
    // In high contrast a filled mark would hide the text.
    QTextCharFormat format = coloured(tokens().text);
    format.setFontUnderline(tokens().highContrast);
    return format;
}

QTextCharFormat markFormat()
{
    QTextCharFormat format = coloured(tokens().deny);
    format.setBackground(tokens().denyTint);
    format.setFontUnderline(true);
    return format;
}

QList<QTextLayout::FormatRange> formatsOf(const CodeLine& line, int start, int length)
{
    QList<QTextLayout::FormatRange> formats;
    for (const SyntaxSpan& span : line.syntax)
        addFormat(formats, span.start, span.length, start, length, coloured(syntaxInk(span.kind)));
    for (const TextRange& word : line.words)
        addFormat(formats, word.start, word.length, start, length, wordFormat());
    for (const Mark& mark : line.text.marks)
        addFormat(formats, mark.start, mark.length, start, length, markFormat());
    return formats;
}

// Behind the text: rounded, a little lower than the row.
void paintWordGrounds(QPainter& painter, const CodeLine& line, const QTextLine& laid, int start, int length, QPointF origin)
{
    const Tokens& t = tokens();
    if (t.highContrast)
        return;
    for (const TextRange& word : line.words) {
        const int from = std::max(word.start, start) - start;
        const int to = std::min(word.start + word.length, start + length) - start;
        if (from >= to)
            continue;
        const qreal left = laid.cursorToX(from);
        const QRectF ground(origin.x() + left, origin.y() + (laid.height() - px(16)) / 2, laid.cursorToX(to) - left, px(16));
        paintRoundedRect(painter, ground, px(2), line.tone == LineTone::Added ? t.addedWord : t.removedWord, {});
    }
}

} // namespace

QColor lineGround(LineTone tone)
{
    const Tokens& t = tokens();
    switch (tone) {
    case LineTone::Added:
        return t.added;
    case LineTone::Removed:
        return t.removed;
    case LineTone::Heading:
        return t.panelSecond;
    default:
        return t.panel;
    }
}

QColor lineInk(LineTone tone)
{
    const Tokens& t = tokens();
    return tone == LineTone::Hunk || tone == LineTone::Note ? t.third : t.text;
}

void paintCode(QPainter& painter, const CodeLine& line, int start, int length, QPointF origin)
{
    const QString text = line.text.text.mid(start, length);
    if (text.isEmpty())
        return;
    QFont font = monoFont();
    if (line.tone == LineTone::Heading)
        font.setWeight(QFont::Medium);
    QTextLayout layout(text, font);
    QTextOption option;
    option.setTextDirection(Qt::LeftToRight);
    option.setWrapMode(QTextOption::NoWrap);
    layout.setTextOption(option);
    layout.setFormats(formatsOf(line, start, int(text.size())));
    layout.beginLayout();
    QTextLine laid = layout.createLine();
    laid.setLineWidth(1e7);
    layout.endLayout();
    paintWordGrounds(painter, line, laid, start, int(text.size()), origin);
    painter.setPen(lineInk(line.tone));
    layout.draw(&painter, origin);
}

} // namespace gatehouse::widgets
