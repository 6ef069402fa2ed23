#include "widgets/text/codeview.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHash>
#include <QKeyEvent>
#include <QScrollBar>

#include "widgets/style/fonts.h"
#include "widgets/style/tokens.h"

#include <algorithm>

namespace gatehouse::widgets {

CodeView::CodeView(QWidget* parent) : QAbstractScrollArea(parent)
{
    makeAccessible(); // first: a name that is set makes a face, and Qt keeps it
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setCursor(Qt::IBeamCursor);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
}

// Of a word that is kept whole when its line is wrapped.
static constexpr int longestWord = 24;

int CodeView::rowHeight() const
{
    return px(20);
}

void CodeView::setLines(std::vector<CodeLine> lines)
{
    m_lines.clear();
    m_seen.reset(0);
    m_rows.clear();
    m_current = m_anchor = -1;
    m_longest = 0;
    m_labelWidth = m_label2Width = 0;
    m_hasSigns = false;
    verticalScrollBar()->setValue(0);
    horizontalScrollBar()->setValue(0);
    appendLines(std::move(lines));
}

void CodeView::appendLines(std::vector<CodeLine> lines)
{
    const QFontMetrics metrics(monoFont());
    for (CodeLine& line : lines) {
        m_longest = std::max(m_longest, int(line.text.text.size()));
        if (!line.label.isEmpty())
            m_labelWidth = std::max(m_labelWidth, metrics.horizontalAdvance(line.label));
        if (!line.label2.isEmpty())
            m_label2Width = std::max(m_label2Width, metrics.horizontalAdvance(line.label2));
        m_hasSigns = m_hasSigns || !line.sign.isNull();
        m_lines.push_back(std::move(line));
    }
    layOut();
    updateGeometry();
    viewport()->update();
}

void CodeView::setSyntax(std::size_t line, std::vector<SyntaxSpan> spans)
{
    if (line < m_lines.size())
        m_lines[line].syntax = std::move(spans);
}

void CodeView::setWrapping(Wrapping wrapping)
{
    m_wrapping = wrapping;
    setHorizontalScrollBarPolicy(wrapping == Wrapping::On ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    layOut();
}

void CodeView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

void CodeView::setLabelWidth(int width)
{
    m_fixedLabelWidth = width;
    layOut();
}

void CodeView::setMaximumRows(int rows)
{
    m_maximumRows = rows;
    updateGeometry();
}

// Machine text is fixed in width; a mark or a wide character may be wider, so a wrapped part leaves a column of slack.
void CodeView::layOut()
{
    const std::vector<bool> seen = seenLines();
    m_rows.clear();
    const qreal advance = std::max(1.0, QFontMetricsF(monoFont()).horizontalAdvance(u'0'));
    const int columns = std::max(8, int((viewport()->width() - gutterWidth() - px(12)) / advance) - 1);
    for (int line = 0; line < int(m_lines.size()); ++line)
        appendRows(line, columns);
    restoreSeen(seen);
    updateScrollBars();
}

namespace {

// Where a row must end, by the widths of its characters one by one: machine text is drawn unshaped, a character outside the font may
// be two columns wide, and measuring whole rows takes seconds for a text of megabytes.
class RowMeasure {
public:
    explicit RowMeasure(int columns) : m_metrics(monoFont()), m_columns(columns), m_advance(m_metrics.horizontalAdvance(u'0'))
    {
        m_fixed = m_metrics.horizontalAdvance(u'W') <= m_advance;
    }

    // Never through a surrogate pair; always at least one character.
    int end(const QString& text, int start)
    {
        const qreal room = (m_columns + 1) * m_advance;
        const int length = int(text.size());
        qreal width = 0;
        for (int i = start; i < length;) {
            const int step = text.at(i).isHighSurrogate() && i + 1 < length ? 2 : 1;
            width += widthOf(QStringView(text).mid(i, step));
            if (i > start && (width > room || i - start >= m_columns))
                return i;
            i += step;
        }
        return length;
    }

private:
    qreal widthOf(QStringView character)
    {
        const char16_t first = character.front().unicode();
        if (first >= u' ' && first <= u'~')
            return asciiWidth(first);
        qreal& known = m_known[(quint32(first) << 16) | (character.size() > 1 ? character.back().unicode() : 0)];
        if (known == 0)
            known = std::max(m_advance, m_metrics.horizontalAdvance(character.toString()));
        return known;
    }

    // Where the font is of fixed width, which W tells, all of ASCII is.
    qreal asciiWidth(char16_t character) { return m_fixed ? m_advance : m_metrics.horizontalAdvance(QChar(character)); }

    QFontMetricsF m_metrics;
    int m_columns;
    qreal m_advance;
    bool m_fixed = false;
    QHash<quint32, qreal> m_known;
};

} // namespace

void CodeView::appendRows(int line, int columns)
{
    const QString& text = m_lines[std::size_t(line)].text.text;
    const int length = int(text.size());
    if (m_wrapping == Wrapping::Off || length == 0) {
        m_rows.push_back({line, 0, length});
        return;
    }
    RowMeasure measure(columns);
    for (int start = 0; start < length;) {
        int end = measure.end(text, start);
        // Words stay whole where there is a blank near; it stays at the row's end, so nothing is lost.
        if (const int from = std::max(start + 1, end - longestWord); end < length && from < end)
            if (const auto blank = QStringView(text).mid(from, end - from).lastIndexOf(u' '); blank >= 0)
                end = from + int(blank) + 1;
        m_rows.push_back({line, start, end - start});
        start = end;
    }
}

void CodeView::updateScrollBars()
{
    const int page = std::max(1, viewport()->height() / rowHeight());
    verticalScrollBar()->setRange(0, std::max(0, rowCount() - page));
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setSingleStep(1);
    const int advance = QFontMetrics(monoFont()).horizontalAdvance(u'0');
    const int width = gutterWidth() + (m_longest + 2) * advance;
    horizontalScrollBar()->setRange(0, m_wrapping == Wrapping::On ? 0 : std::max(0, width - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(advance * 4);
}

int CodeView::gutterWidth() const
{
    const int label = m_fixedLabelWidth > 0 ? m_fixedLabelWidth : m_labelWidth;
    int width = px(12);
    if (label > 0)
        width += label + px(12);
    if (m_label2Width > 0)
        width += m_label2Width + px(10);
    return width + (m_hasSigns ? px(18) : 0);
}

QString CodeView::lineText(int line) const
{
    return line >= 0 && line < int(m_lines.size()) ? m_lines[std::size_t(line)].text.text : QString();
}

void CodeView::setCurrentLine(int line)
{
    m_current = m_lines.empty() ? -1 : std::clamp(line, 0, int(m_lines.size()) - 1);
    const int row = firstRowOf(m_current);
    const int page = verticalScrollBar()->pageStep();
    if (row < verticalScrollBar()->value())
        verticalScrollBar()->setValue(row);
    else if (row >= verticalScrollBar()->value() + page)
        verticalScrollBar()->setValue(row - page + 1);
    viewport()->update();
}

int CodeView::firstRowOf(int line) const
{
    const auto first = std::lower_bound(m_rows.begin(), m_rows.end(), line, [](const Row& row, int value) { return row.line < value; });
    return int(first - m_rows.begin());
}

QRect CodeView::lineRect(int line) const
{
    const int row = firstRowOf(line) - verticalScrollBar()->value();
    const QRect place(0, row * rowHeight(), viewport()->width(), rowHeight());
    return line >= 0 && line < int(m_lines.size()) ? place & viewport()->rect() : QRect();
}

int CodeView::lineAt(QPoint position) const
{
    const int row = verticalScrollBar()->value() + position.y() / rowHeight();
    return row >= 0 && row < rowCount() ? m_rows[std::size_t(row)].line : int(m_lines.size()) - 1;
}

bool CodeView::isSelected(int line) const
{
    if (m_current < 0 || m_anchor < 0)
        return false;
    return line >= std::min(m_anchor, m_current) && line <= std::max(m_anchor, m_current);
}

void CodeView::copySelection() const
{
    QStringList texts;
    for (int line = 0; line < int(m_lines.size()); ++line)
        if (m_anchor < 0 || isSelected(line))
            texts << lineText(line);
    QApplication::clipboard()->setText(texts.join(u'\n'));
}

QSize CodeView::sizeHint() const
{
    const int rows = m_maximumRows > 0 ? std::clamp(rowCount(), 1, m_maximumRows) : 12;
    return {px(420), rows * rowHeight() + px(8)};
}

QSize CodeView::minimumSizeHint() const
{
    return {px(120), m_maximumRows > 0 ? sizeHint().height() : rowHeight() * 2};
}

void CodeView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
    if (m_maximumRows > 0)
        updateGeometry();
}

void CodeView::scrollContentsBy(int, int)
{
    viewport()->update();
}

void CodeView::keyPressEvent(QKeyEvent* event)
{
    const bool extend = event->modifiers() & Qt::ShiftModifier;
    const auto move = [&](int line) {
        const int target = m_lines.empty() ? -1 : std::clamp(line, 0, int(m_lines.size()) - 1);
        if (!extend || m_anchor < 0)
            m_anchor = extend && m_current >= 0 ? m_current : target;
        setCurrentLine(target);
    };
    const int page = verticalScrollBar()->pageStep();
    if (event->matches(QKeySequence::Copy))
        return copySelection();
    if (event->matches(QKeySequence::SelectAll)) {
        m_anchor = 0;
        return setCurrentLine(int(m_lines.size()) - 1);
    }
    switch (event->key()) {
    case Qt::Key_Down:
        return move(m_current + 1);
    case Qt::Key_Up:
        return move(m_current - 1);
    case Qt::Key_PageDown:
        return move(m_current + page);
    case Qt::Key_PageUp:
        return move(m_current - page);
    case Qt::Key_Home:
        return move(0);
    case Qt::Key_End:
        move(int(m_lines.size()) - 1);
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
        return;
    case Qt::Key_Left:
        horizontalScrollBar()->triggerAction(QScrollBar::SliderSingleStepSub);
        return;
    case Qt::Key_Right:
        horizontalScrollBar()->triggerAction(QScrollBar::SliderSingleStepAdd);
        return;
    default:
        event->ignore();
    }
}

void CodeView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_lines.empty())
        return;
    const int line = lineAt(event->pos());
    m_anchor = (event->modifiers() & Qt::ShiftModifier) && m_anchor >= 0 ? m_anchor : line;
    setCurrentLine(line);
}

void CodeView::mouseMoveEvent(QMouseEvent* event)
{
    if ((event->buttons() & Qt::LeftButton) && !m_lines.empty())
        setCurrentLine(lineAt(event->pos()));
}

void CodeView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void CodeView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void CodeView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        viewport()->update();
}

} // namespace gatehouse::widgets
