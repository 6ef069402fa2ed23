// How a SourcePane looks: colours, grounds of lines, marks, the gutter.
#include <QHelpEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>
#include <QToolTip>

#include "widgets/source/shieldedtext.h"
#include "widgets/source/sourcepane.h"
#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"
#include "widgets/style/paint.h"
#include "widgets/text/jsonwords.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

static QColor inkOf(SyntaxKind kind)
{
    const Tokens& t = tokens();
    switch (kind) {
    case SyntaxKind::Type:
    case SyntaxKind::Function:
        return t.accentTintText;
    case SyntaxKind::String:
        return t.ok;
    case SyntaxKind::Keyword:
    case SyntaxKind::Number:
        return t.ask;
    case SyntaxKind::Comment:
        return t.second;
    case SyntaxKind::Plain:
        break;
    }
    return t.text;
}

static QColor inkOf(Severity severity)
{
    return severity == Severity::Error ? tokens().deny : tokens().ask;
}

static Glyph glyphOf(Severity severity)
{
    return severity == Severity::Error ? Glyph::Cross : Glyph::Triangle;
}

void SourcePane::colour(const QTextBlock& first, int count)
{
    QTextBlock block = first;
    for (int i = 0; i < count && block.isValid(); ++i, block = block.next()) {
        const QString line = block.text();
        QList<QTextLayout::FormatRange> formats;
        for (const SyntaxSpan& span : jsonWords(line)) {
            QTextCharFormat format;
            format.setForeground(inkOf(span.kind));
            formats.append({span.start, span.length, format});
        }
        block.setUserState(m_epoch);
        if (block.layout()->formats() == formats)
            continue;
        block.layout()->setFormats(formats);
        QPlainTextEdit::document()->markContentsDirty(block.position(), block.length());
    }
}

void SourcePane::colourVisible()
{
    QTextBlock block = firstVisibleBlock();
    const int rows = viewport()->height() / std::max(1, fontMetrics().lineSpacing()) + 2;
    for (int i = 0; i < rows && block.isValid(); ++i, block = block.next()) {
        if (block.userState() != m_epoch)
            colour(block, 1);
    }
}

QTextEdit::ExtraSelection SourcePane::marked(int from, int to, const QTextCharFormat& format) const
{
    QTextEdit::ExtraSelection out;
    out.cursor = QTextCursor(QPlainTextEdit::document());
    out.cursor.setPosition(from);
    out.cursor.setPosition(to, QTextCursor::KeepAnchor);
    out.format = format;
    return out;
}

void SourcePane::paintMatchesIn(QList<QTextEdit::ExtraSelection>& out, std::size_t begin, std::size_t end) const
{
    QTextCharFormat format;
    format.setBackground(tokens().highContrast ? tokens().panel : mix(tokens().panel, tokens().ask, 0.28));
    if (tokens().highContrast)
        format.setFontUnderline(true);
    const auto first = std::ranges::lower_bound(m_matches, begin, {}, &::gatehouse::TextRange::end);
    for (auto match = first; match != m_matches.end() && match->begin <= end; ++match)
        out << marked(m_source.position(match->begin), m_source.position(match->end), format);
}

void SourcePane::updateExtras()
{
    QList<QTextEdit::ExtraSelection> out;
    if (m_source.isWhole() && !m_source.hasLongLine()) {
        const auto [begin, end] = bytesOnScreen();
        paintMatchesIn(out, begin, end);
        for (const Mark& mark : m_marks) {
            if (mark.end < begin || mark.begin > end)
                continue;
            QTextCharFormat format;
            format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
            format.setUnderlineColor(inkOf(mark.severity));
            out << marked(m_source.position(mark.begin), m_source.position(mark.end), format);
        }
        addBrackets(out);
    }
    setExtraSelections(out);
}

std::optional<int> SourcePane::partnerOf(int position, QChar bracket) const
{
    const bool forward = bracket == u'{' || bracket == u'[';
    const QChar partner = bracket == u'{' ? u'}' : bracket == u'}' ? u'{' : bracket == u'[' ? u']' : u'[';
    int depth = 0;
    constexpr int mostLines = 2000;
    QTextBlock block = QPlainTextEdit::document()->findBlock(position);
    for (int i = 0; i < mostLines && block.isValid(); ++i, block = forward ? block.next() : block.previous()) {
        std::vector<Bracket> brackets = jsonBrackets(block.text());
        if (!forward)
            std::ranges::reverse(brackets);
        for (const Bracket& found : brackets) {
            const int at = block.position() + found.position;
            if (forward ? at < position : at > position)
                continue;
            depth += found.character == bracket ? 1 : found.character == partner ? -1 : 0;
            if (depth == 0 && found.character == partner)
                return at;
        }
    }
    return std::nullopt;
}

// The bracket before the caret, else the one behind it, and its partner.
void SourcePane::addBrackets(QList<QTextEdit::ExtraSelection>& out) const
{
    const QTextCursor caret = textCursor();
    if (caret.hasSelection())
        return;
    const QTextBlock block = caret.block();
    const std::vector<Bracket> brackets = jsonBrackets(block.text());
    for (const int column : {caret.positionInBlock() - 1, caret.positionInBlock()}) {
        const auto found = std::ranges::find(brackets, column, &Bracket::position);
        if (found == brackets.end())
            continue;
        const int position = block.position() + column;
        const auto partner = partnerOf(position, found->character);
        QTextCharFormat format;
        format.setBackground(partner ? tokens().accentTint : tokens().denyTint);
        format.setFontWeight(QFont::Bold);
        out << marked(position, position + 1, format);
        if (partner)
            out << marked(*partner, *partner + 1, format);
        return;
    }
}

void SourcePane::paintGrounds(QPainter& painter) const
{
    const Tokens& t = tokens();
    const auto node = nodeLines();
    const int caret = textCursor().blockNumber();
    const int width = viewport()->width();
    const int last = lastBlockOnScreen().blockNumber();
    for (QTextBlock block = firstVisibleBlock(); block.isValid() && block.blockNumber() <= last; block = block.next()) {
        const QRectF line = blockBoundingGeometry(block).translated(contentOffset());
        const QRectF row(0, line.top(), width, line.height());
        if (node && block.blockNumber() >= node->first && block.blockNumber() <= node->second && !t.highContrast)
            painter.fillRect(row, mix(t.panel, t.accent, 0.06));
        if (block.blockNumber() == caret && hasFocus())
            painter.fillRect(row, mix(t.panel, t.text, t.highContrast ? 0.15 : 0.05));
    }
}

void SourcePane::paintHidden(QPainter& painter) const
{
    const Tokens& t = tokens();
    const int last = lastBlockOnScreen().blockNumber();
    for (QTextBlock block = firstVisibleBlock(); block.isValid() && block.blockNumber() <= last; block = block.next()) {
        const QString line = block.text();
        if (!mayHide(line))
            continue;
        for (qsizetype at = 0; at + 1 < line.size(); ++at) {
            if (!line[at].isHighSurrogate())
                continue;
            const QString name = hiddenName(QChar::surrogateToUcs4(line[at], line[at + 1]));
            if (name.isEmpty())
                continue;
            // The mark is as wide as the stand-in; its tool tip names it.
            QTextCursor place(block);
            place.setPosition(block.position() + int(at));
            const QRectF begin = cursorRect(place);
            place.setPosition(block.position() + int(at) + 2);
            const qreal width = std::max<qreal>(px(7), cursorRect(place).left() - begin.left());
            const QRectF mark(begin.left(), begin.top() + 1, width, begin.height() - 2);
            paintRoundedRect(painter, mark, 2, t.askTint, t.ask, 1);
            paintGlyph(painter, mark.adjusted(1, 1, -1, -1), Glyph::Triangle, t.ask);
            ++at;
        }
    }
}

void SourcePane::paintEvent(QPaintEvent* event)
{
    {
        QPainter painter(viewport());
        painter.setClipRegion(event->region());
        paintGrounds(painter);
    }
    QPlainTextEdit::paintEvent(event);
    QPainter painter(viewport());
    painter.setClipRegion(event->region());
    paintHidden(painter);
}

int SourcePane::gutterWidth() const
{
    const auto digits = QString::number(std::max(100, blockCount())).size();
    return px(22) + fontMetrics().horizontalAdvance(u'9') * int(digits) + px(10);
}

void SourcePane::paintGutter(QPaintEvent* event)
{
    const Tokens& t = tokens();
    QPainter painter(m_gutter);
    painter.fillRect(event->rect(), t.panel);
    painter.setFont(font());
    const auto node = nodeLines();
    const int caret = textCursor().blockNumber();
    const int width = gutterWidth();
    const int lineHeight = fontMetrics().lineSpacing();
    const auto [begin, end] = bytesOnScreen();
    const int last = lastBlockOnScreen().blockNumber();
    auto mark = std::ranges::lower_bound(m_marks, begin, {}, &Mark::begin);
    for (QTextBlock block = firstVisibleBlock(); block.isValid() && block.blockNumber() <= last; block = block.next()) {
        const QRectF line = blockBoundingGeometry(block).translated(contentOffset());
        const std::size_t lineEnd = m_source.offset(block.position() + block.length() - 1);
        std::optional<Severity> worst;
        for (; mark != m_marks.end() && mark->begin <= lineEnd; ++mark)
            worst = worst == Severity::Error ? Severity::Error : mark->severity;
        if (node && block.blockNumber() >= node->first && block.blockNumber() <= node->second)
            painter.fillRect(QRectF(width - px(5), line.top(), px(2), line.height()), t.accent);
        const QRectF number(px(20), line.top(), width - px(20) - px(10), lineHeight);
        painter.setPen(block.blockNumber() == caret ? t.text : t.third);
        painter.drawText(number, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, QString::number(block.blockNumber() + 1));
        if (worst)
            paintGlyph(painter, QRectF(px(5), line.top() + (lineHeight - px(12)) / 2.0, px(12), px(12)), glyphOf(*worst), inkOf(*worst));
    }
}

bool SourcePane::gutterToolTip(QHelpEvent* event)
{
    const QTextBlock block = cursorForPosition(QPoint(0, event->pos().y())).block();
    const QString text = problemsOfLine(block.blockNumber());
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPos(), plainToolTip(text), m_gutter);
    return true;
}

QString SourcePane::hiddenAround(int position) const
{
    const QString units = m_source.units(std::max(0, position - 2), position + 2);
    for (qsizetype at = 0; at + 1 < units.size(); ++at) {
        if (units[at].isHighSurrogate() && units[at + 1].isLowSurrogate()) {
            if (const QString name = hiddenName(QChar::surrogateToUcs4(units[at], units[at + 1])); !name.isEmpty())
                return name;
        }
    }
    return {};
}

bool SourcePane::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QPlainTextEdit::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int position = cursorForPosition(help->pos()).position();
    const Mark* mark = markAt(m_source.offset(position));
    QStringList texts;
    if (const QString name = hiddenAround(position); !name.isEmpty())
        texts << tr("%1, a character that can't be seen").arg(name);
    if (mark)
        texts << mark->text;
    if (!texts.isEmpty())
        QToolTip::showText(help->globalPos(), plainToolTip(texts.join(u'\n')), viewport());
    else
        QToolTip::hideText();
    return true;
}

} // namespace gatehouse::widgets
