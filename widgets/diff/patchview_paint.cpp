#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

#include "widgets/diff/diffline.h"
#include "widgets/diff/patchview.h"
#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"
#include "widgets/text/codepaint.h"

namespace gatehouse::widgets {

namespace {

// Only this many characters of a line are laid out, from the first that shows.
constexpr int longestPaintedRun = 1024;

int advance()
{
    return QFontMetrics(monoFont()).horizontalAdvance(u'0');
}

// How far a hunk's places go: "@@ -4,10 +4,10 @@" of it, with what follows apart.
qsizetype endOfPlaces(const QString& text)
{
    const qsizetype end = text.indexOf(QStringLiteral(" @@"), 2);
    return end < 0 ? text.size() : end + 3;
}

} // namespace

int PatchView::textWidth() const
{
    return (m_widest + 2) * advance();
}

int PatchView::numberWidth() const
{
    return int(QString::number(std::max(99, m_document->largestNumber)).size()) * advance();
}

int PatchView::chevronWidth()
{
    return px(28);
}

int PatchView::gutterWidth() const
{
    const int numbers = m_shown == DiffLayout::Inline ? 2 * numberWidth() + px(10) : numberWidth();
    return px(12) + numbers + px(26);
}

// Inline both sides have the whole row.
QRect PatchView::sideRect(DiffSide side, const QRect& row) const
{
    if (m_shown == DiffLayout::Inline)
        return row;
    const int middle = row.left() + row.width() / 2;
    return side == DiffSide::Old ? QRect(row.left(), row.top(), middle - row.left(), row.height())
                                 : QRect(middle, row.top(), row.right() + 1 - middle, row.height());
}

void PatchView::paintEvent(QPaintEvent* event)
{
    const Tokens& t = tokens();
    QPainter painter(viewport());
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.fillRect(event->rect(), t.panel);
    if (m_rows.empty() && !m_emptyText.isEmpty()) {
        painter.setFont(textFont());
        painter.setPen(t.third);
        painter.drawText(viewport()->rect().adjusted(px(16), px(16), -px(16), -px(16)), Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap,
                         m_emptyText);
    }
    painter.setFont(monoFont());
    m_ink.beginFrame();
    const int height = rowHeight();
    const int top = verticalScrollBar()->value();
    const int first = std::max(0, top + event->rect().top() / height);
    const int last = std::min(rowCount() - 1, top + event->rect().bottom() / height);
    const int widest = m_widest;
    for (int i = first; i <= last; ++i)
        paintRow(painter, i, QRect(0, (i - top) * height, viewport()->width(), height));
    if (const int file = stickyFile(); file >= 0) {
        const QRect box(0, 0, viewport()->width(), height);
        paintHeading(painter, m_document->patch.files[std::size_t(file)].firstLine, box, false);
        paintRule(painter, box, Qt::BottomEdge, t.line, t.lineWidth);
    }
    if (first <= last)
        m_ink.wantColours(row(first).line(), std::max(row(last).left, row(last).right));
    if (m_widest != widest)
        updateScrollBars();
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        paintFocusRing(painter, viewport()->rect(), 3);
}

void PatchView::paintRow(QPainter& painter, int index, const QRect& box)
{
    const DiffRow place = row(index);
    const bool selected = isSelected(index);
    switch (m_document->patch.lines[std::size_t(place.line())].kind) {
    case PatchLineKind::File:
        return paintHeading(painter, place.line(), box, selected);
    case PatchLineKind::Hunk:
        return paintHunk(painter, place.line(), box, selected);
    case PatchLineKind::Note:
        return paintCell(painter, place.line(), box, DiffSide::New, selected);
    default:
        break;
    }
    if (m_shown == DiffLayout::Inline)
        return paintCell(painter, place.line(), box, DiffSide::New, selected);
    for (const DiffSide side : {DiffSide::Old, DiffSide::New}) {
        const QRect cell = sideRect(side, box);
        if (place.on(side) < 0)
            paintNothing(painter, cell);
        else
            paintCell(painter, place.on(side), cell, side, selected && side == m_side);
    }
    paintRule(painter, sideRect(DiffSide::New, box), Qt::LeftEdge, tokens().line, tokens().lineWidth);
}

void PatchView::paintCell(QPainter& painter, int line, const QRect& cell, DiffSide side, bool selected)
{
    const Tokens& t = tokens();
    const CodeLine& shown = m_ink.line(line);
    m_widest = std::max(m_widest, int(shown.text.text.size()));
    const QColor ground = lineGround(shown.tone);
    painter.fillRect(cell, selected && !t.highContrast ? mix(ground, t.accent, 0.14) : ground);
    if (selected)
        painter.fillRect(QRect(cell.left(), cell.top(), px(3), cell.height()), t.accent);
    paintNumbers(painter, shown, cell, side);
    const int gutter = shown.tone == LineTone::Note ? px(12) : gutterWidth();
    const int skipped = horizontalScrollBar()->value() > px(20) ? (horizontalScrollBar()->value() - px(20)) / std::max(1, advance()) : 0;
    const int start = std::min(skipped, int(shown.text.text.size()));
    painter.save();
    painter.setClipRect(cell.adjusted(gutter - px(2), 0, 0, 0), Qt::IntersectClip);
    const qreal exact = QFontMetricsF(monoFont()).horizontalAdvance(u'0');
    const QPointF origin(cell.left() + gutter - horizontalScrollBar()->value() + exact * start,
                         cell.top() + (cell.height() - painter.fontMetrics().height()) / 2.0);
    paintCode(painter, shown, start, longestPaintedRun, origin);
    painter.restore();
}

void PatchView::paintNumbers(QPainter& painter, const CodeLine& shown, const QRect& cell, DiffSide side) const
{
    const bool strong = shown.tone == LineTone::Added || shown.tone == LineTone::Removed;
    painter.setPen(strong ? tokens().second : tokens().third);
    int x = cell.left() + px(12);
    const auto put = [&](const QString& number) {
        painter.drawText(QRect(x, cell.top(), numberWidth(), cell.height()), Qt::AlignRight | Qt::AlignVCenter, number);
        x += numberWidth();
    };
    if (m_shown == DiffLayout::Inline) {
        put(shown.label);
        x += px(10);
        put(shown.label2);
    } else {
        put(side == DiffSide::Old ? shown.label : shown.label2);
    }
    if (shown.sign.isNull())
        return;
    painter.setPen(tokens().text);
    painter.drawText(QRect(x + px(6), cell.top(), px(14), cell.height()), Qt::AlignCenter, QString(shown.sign));
}

// The other side has a line here that this one has not: hatched, so that it is no empty line.
void PatchView::paintNothing(QPainter& painter, const QRect& cell) const
{
    const Tokens& t = tokens();
    painter.fillRect(cell, t.panelSecond);
    painter.save();
    painter.setBrushOrigin(0, cell.top() - verticalScrollBar()->value());
    painter.fillRect(cell, QBrush(t.highContrast ? t.third : t.line, t.highContrast ? Qt::Dense7Pattern : Qt::BDiagPattern));
    painter.restore();
}

void PatchView::paintChevron(QPainter& painter, int line, const QRect& box) const
{
    paintGlyph(painter, QRectF(box.left() + px(9), box.top() + (box.height() - px(12)) / 2.0, px(12), px(12)),
               isFolded(line) ? Glyph::ChevronRight : Glyph::ChevronDown, tokens().second);
}

void PatchView::paintHeading(QPainter& painter, int line, const QRect& box, bool selected)
{
    const Tokens& t = tokens();
    const PatchFile& file = m_document->patch.files[std::size_t(m_document->patch.lines[std::size_t(line)].file)];
    painter.fillRect(box, selected && !t.highContrast ? t.accentTint : t.panelSecond);
    paintRule(painter, box, Qt::TopEdge, t.lineFaint, t.lineWidth); // the next row has its own
    if (selected)
        painter.fillRect(QRect(box.left(), box.top(), px(3), box.height()), t.accent);
    paintChevron(painter, line, box);
    int right = box.right() - px(10);
    const auto putRight = [&](const QString& text, const QColor& ink) {
        const int width = painter.fontMetrics().horizontalAdvance(text);
        painter.setPen(ink);
        painter.drawText(QRect(right - width, box.top(), width, box.height()), Qt::AlignVCenter | Qt::AlignRight, text);
        right -= width + px(8);
    };
    painter.setFont(monoFont());
    putRight(QChar(0x2212) + QString::number(file.removed), file.removed > 0 ? t.deny : t.third);
    putRight(u'+' + QString::number(file.added), file.added > 0 ? t.ok : t.third);
    QFont bold = monoFont();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    const QStringList words = fileWords(file);
    const int left = box.left() + chevronWidth();
    const int room = std::max(0, right - px(8) - left);
    const int nameRoom = words.isEmpty()
        ? room
        : std::max(room / 2, room - QFontMetrics(textFont(TextSize::Small)).horizontalAdvance(words.join(QStringLiteral(" · "))) - px(12));
    const QString name = painter.fontMetrics().elidedText(file.name, Qt::ElideMiddle, nameRoom);
    painter.setPen(t.text);
    painter.drawText(QRect(left, box.top(), nameRoom, box.height()), Qt::AlignVCenter | Qt::AlignLeft, name);
    const int wordsLeft = left + painter.fontMetrics().horizontalAdvance(name) + px(12);
    painter.setFont(textFont(TextSize::Small));
    painter.setPen(t.second);
    const QString said =
        painter.fontMetrics().elidedText(words.join(QStringLiteral(" \u00B7 ")), Qt::ElideRight, std::max(0, right - px(8) - wordsLeft));
    painter.drawText(QRect(wordsLeft, box.top(), std::max(0, right - wordsLeft), box.height()), Qt::AlignVCenter | Qt::AlignLeft, said);
    painter.setFont(monoFont());
}

void PatchView::paintHunk(QPainter& painter, int line, const QRect& box, bool selected)
{
    const Tokens& t = tokens();
    painter.fillRect(box, selected && !t.highContrast ? t.accentTint : t.panel);
    paintRule(painter, box, Qt::TopEdge, t.lineFaint, t.lineWidth);
    if (selected)
        painter.fillRect(QRect(box.left(), box.top(), px(3), box.height()), t.accent);
    paintChevron(painter, line, box);
    const QString text = m_ink.line(line).text.text.left(longestPaintedRun);
    const qsizetype end = endOfPlaces(text);
    int x = box.left() + chevronWidth();
    const auto put = [&](const QString& words, const QColor& ink) {
        painter.setPen(ink);
        painter.drawText(QRect(x, box.top(), std::max(0, box.right() - px(6) - x), box.height()), Qt::AlignVCenter | Qt::AlignLeft, words);
        x += painter.fontMetrics().horizontalAdvance(words);
    };
    put(text.left(end), t.third);
    put(text.mid(end), t.second);
    if (!isFolded(line))
        return;
    const DiffHunk& hunk = m_document->hunks[std::size_t(m_document->hunkOf(line))];
    painter.setFont(textFont(TextSize::Small));
    put(QStringLiteral("   ") + tr("%n lines folded", nullptr, hunk.end - hunk.heading - 1), t.second);
    painter.setFont(monoFont());
}

} // namespace gatehouse::widgets
