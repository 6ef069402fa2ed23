#include "widgets/source/sourcepane.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QScrollBar>
#include <QTextBlock>

#include "widgets/source/gutter.h"
#include "widgets/source/pointerat.h"
#include "widgets/source/shieldedtext.h"
#include "widgets/style/fonts.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/style/tokens.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

static constexpr int followDelay = 180; // ms; long enough to pass through with the arrow keys
static constexpr std::size_t mostMarks = 2000;
// With wrapping, a resize lays every line out anew.
static constexpr std::size_t longestWrapped = 256u << 10;

SourcePane::SourcePane(WorkflowDocument& document, QWidget* parent)
    : QPlainTextEdit(parent), m_document(document), m_source(document, *QPlainTextEdit::document(), this), m_gutter(new Gutter(*this))
{
    setAccessibleName(tr("Source"));
    verticalScrollBar()->setAccessibleName(tr("Scroll the source"));
    horizontalScrollBar()->setAccessibleName(tr("Scroll the source sideways"));
    setAccessibleDescription(tr("Tab indents, Escape goes on to the next control."));
    setFont(monoFont(TextSize::Base));
    setFrameShape(NoFrame);
    setTabChangesFocus(false);
    setCenterOnScroll(false);
    QTextOption option = QPlainTextEdit::document()->defaultTextOption();
    option.setTextDirection(Qt::LeftToRight);
    option.setTabStopDistance(fontMetrics().horizontalAdvance(u' ') * 4);
    QPlainTextEdit::document()->setDefaultTextOption(option);
    m_follow.setSingleShot(true);
    m_follow.setInterval(followDelay);

    connect(&m_follow, &QTimer::timeout, this, &SourcePane::followCaret);
    m_extras.setSingleShot(true);
    connect(&m_extras, &QTimer::timeout, this, &SourcePane::updateExtras);
    connect(&m_source, &SourceText::wholeChanged, this, &SourcePane::updateEditable);
    connect(&m_source, &SourceText::reloading, this, [this] {
        if (!m_caretToRestore)
            m_caretToRestore = caretOffset();
    });
    connect(&m_source, &SourceText::takingEdit, this, &SourcePane::keepScroll);
    connect(&m_source, &SourceText::moved, this, &SourcePane::noteMove);
    connect(&m_source, &SourceText::edited, this, &SourcePane::noteEdit);
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, [this] {
        if (hasFocus())
            m_follow.start();
        m_extras.start();
        m_gutter->update();
        viewport()->update();
    });
    connect(this, &QPlainTextEdit::blockCountChanged, this, [this] { setViewportMargins(gutterWidth(), 0, 0, 0); });
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& rect, int dy) {
        if (dy != 0)
            m_gutter->scroll(0, dy);
        else
            m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
    });
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        colourVisible();
        m_extras.start();
    });
    connect(&m_document, &WorkflowDocument::stateChanged, this, &SourcePane::updateEditable);
    connect(&m_document, &WorkflowDocument::selectionChanged, this, &SourcePane::showSelection);
    connect(&m_document, &WorkflowDocument::problemsChanged, this, &SourcePane::readProblems);
    connect(&m_document, &WorkflowDocument::placeRequested, this, [this](std::size_t offset) {
        showPlace(offset);
        setFocus(Qt::OtherFocusReason);
    });
    setViewportMargins(gutterWidth(), 0, 0, 0);
    updateEditable();
    readProblems();
}

void SourcePane::updateEditable()
{
    const bool editable = m_document.state() == WorkflowDocument::State::Ready && m_source.isWhole() && !m_source.hasLongLine();
    setReadOnly(!editable);
    if (!editable) // still read, searched and copied by keyboard
        setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    const bool wrap = m_document.text().size() <= longestWrapped;
    setLineWrapMode(wrap ? WidgetWidth : NoWrap);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    if (m_source.isWhole() && m_caretToRestore) {
        QTextCursor cursor = textCursor();
        cursor.setPosition(m_source.position(*std::exchange(m_caretToRestore, std::nullopt)));
        setTextCursor(cursor);
    }
    colourVisible();
}

// The caret

void SourcePane::followCaret()
{
    const JsonDocument* document = m_document.document();
    if (!m_document.canEdit() || document == nullptr || !hasFocus())
        return;
    const authoring::GraphNode* node = m_document.graph().at(pointerAt(*document, caretOffset()));
    if (node == nullptr || m_document.current() == node->id)
        return;
    m_following = true;
    m_document.select({node->id}, node->id);
    m_following = false;
}

static std::optional<::gatehouse::TextRange> definitionOf(const WorkflowDocument& document)
{
    const auto current = document.current();
    const authoring::GraphNode* node = current ? document.graph().find(*current) : nullptr;
    if (node == nullptr || node->pointer.empty() || !document.canEdit())
        return std::nullopt;
    auto range = document.document()->range(node->pointer);
    if (const auto key = document.document()->keyRange(node->pointer); range && key)
        range->begin = key->begin;
    return range;
}

void SourcePane::showSelection()
{
    m_node = definitionOf(m_document);
    viewport()->update();
    m_gutter->update();
    if (!m_node || m_following || !m_source.isWhole() || m_source.hasLongLine())
        return;
    const QTextBlock block = QPlainTextEdit::document()->findBlock(m_source.position(m_node->begin));
    if (isLineOnScreen(block.blockNumber()))
        return;
    const int rows = viewport()->height() / std::max(1, fontMetrics().lineSpacing());
    verticalScrollBar()->setValue(std::max(0, block.firstLineNumber() - rows / 4));
}

std::optional<std::pair<int, int>> SourcePane::nodeLines() const
{
    if (!m_node)
        return std::nullopt;
    const auto line = [this](std::size_t offset) { return QPlainTextEdit::document()->findBlock(m_source.position(offset)).blockNumber(); };
    return std::pair(line(m_node->begin), line(m_node->end > m_node->begin ? m_node->end - 1 : m_node->end));
}

bool SourcePane::isLineOnScreen(int line) const
{
    return line >= firstVisibleBlock().blockNumber() && line <= lastBlockOnScreen().blockNumber();
}

QTextBlock SourcePane::lastBlockOnScreen() const
{
    QTextBlock block = firstVisibleBlock();
    qreal bottom = contentOffset().y() + blockBoundingGeometry(block).bottom();
    const int height = viewport()->height();
    while (bottom < height && block.next().isValid()) {
        block = block.next();
        bottom += blockBoundingRect(block).height();
    }
    return block;
}

std::pair<std::size_t, std::size_t> SourcePane::bytesOnScreen() const
{
    const QTextBlock last = lastBlockOnScreen();
    return {m_source.offset(firstVisibleBlock().position()), m_source.offset(last.position() + last.length() - 1)};
}

void SourcePane::showPlace(std::size_t offset)
{
    QTextCursor cursor = textCursor();
    cursor.setPosition(m_source.position(offset));
    setTextCursor(cursor);
    if (!isLineOnScreen(cursor.blockNumber()))
        centerCursor();
    ensureCursorVisible();
}

void SourcePane::select(std::size_t begin, std::size_t end)
{
    QTextCursor cursor = textCursor();
    cursor.setPosition(m_source.position(begin));
    cursor.setPosition(m_source.position(end), QTextCursor::KeepAnchor);
    setTextCursor(cursor);
    ensureCursorVisible();
}

// Edits

void SourcePane::keepScroll()
{
    m_top = firstVisibleBlock();
}

void SourcePane::noteEdit(int position, int added, SourceText::Origin origin)
{
    m_lastEditEnd = position + added;
    if (origin == SourceText::Origin::Elsewhere && m_top.isValid()) {
        const QTextBlock top = std::exchange(m_top, QTextBlock());
        if (m_source.isWhole() && firstVisibleBlock() != top && top.isValid())
            verticalScrollBar()->setValue(top.firstLineNumber());
    }
    const QTextBlock first = QPlainTextEdit::document()->findBlock(position);
    const int lines = QPlainTextEdit::document()->findBlock(position + added).blockNumber() - first.blockNumber() + 1;
    constexpr int mostAtOnce = 200; // the rest when it comes on screen
    colour(first, std::min(lines, mostAtOnce));
    m_extras.start();
}

void SourcePane::noteMove(std::size_t begin, std::size_t removed, std::size_t added)
{
    const auto moved = [&](std::size_t offset) {
        return offset < begin ? offset : offset >= begin + removed ? offset - removed + added : begin + std::min(offset - begin, added);
    };
    for (Mark& mark : m_marks) {
        mark.begin = moved(mark.begin);
        mark.end = std::max(mark.begin, moved(mark.end));
    }
    for (auto& match : m_matches)
        match = {moved(match.begin), moved(match.end)};
    m_node = definitionOf(m_document);
}

void SourcePane::undo(bool forward)
{
    QUndoStack& stack = m_document.undoStack();
    if (forward ? !stack.canRedo() : !stack.canUndo())
        return;
    m_lastEditEnd = -1;
    forward ? stack.redo() : stack.undo();
    if (m_lastEditEnd < 0)
        return;
    QTextCursor cursor = textCursor();
    cursor.setPosition(std::min(m_lastEditEnd, QPlainTextEdit::document()->characterCount() - 1));
    setTextCursor(cursor);
    ensureCursorVisible();
}

// What was copied is what the document holds, not our stand-ins.
QMimeData* SourcePane::createMimeDataFromSelection() const
{
    const QTextCursor cursor = textCursor();
    const std::string bytes = unshielded(m_source.units(cursor.selectionStart(), cursor.selectionEnd()));
    auto* copied = new QMimeData;
    copied->setText(QString::fromUtf8(bytes.data(), qsizetype(bytes.size())));
    return copied;
}

void SourcePane::insertFromMimeData(const QMimeData* source)
{
    if (isReadOnly() || !source->hasText())
        return;
    QString text = source->text();
    text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    textCursor().insertText(shielded(text.toStdString()));
    ensureCursorVisible();
}

// Problems

// The token at a place: a string, a word, or one character; never beyond its line.
static std::size_t endOfToken(std::string_view text, std::size_t begin)
{
    if (begin >= text.size())
        return text.size();
    const std::string_view line = text.substr(begin, std::min(text.substr(begin).find('\n'), SourceText::longestLine));
    std::size_t end = 1;
    if (line.starts_with('"')) {
        while (end < line.size() && line[end] != '"')
            end += line[end] == '\\' ? 2 : 1;
        return begin + std::min(end + 1, line.size());
    }
    end = std::min(line.find_first_of(" \t,:]}[{\"\r"), line.size());
    return begin + std::max<std::size_t>(end, 1);
}

void SourcePane::readProblems()
{
    m_marks.clear();
    const std::string path = m_document.path().toStdString();
    for (const Problem& problem : m_document.problems()) {
        if (problem.file != path || problem.position.line == 0 || m_marks.size() == mostMarks)
            continue;
        const std::size_t begin = std::min(problem.position.offset, m_document.text().size());
        m_marks.push_back({begin, endOfToken(m_document.text(), begin), problem.severity, shown(problem.message.format())});
    }
    std::ranges::stable_sort(m_marks, {}, &Mark::begin);
    updateExtras();
    m_gutter->update();
    viewport()->update();
}

const SourcePane::Mark* SourcePane::markAt(std::size_t offset) const
{
    const auto found = std::ranges::find_if(m_marks, [offset](const Mark& mark) { return mark.begin <= offset && offset < mark.end; });
    return found == m_marks.end() ? nullptr : &*found;
}

QString SourcePane::problemsOfLine(int line) const
{
    const QTextBlock block = QPlainTextEdit::document()->findBlockByNumber(line);
    const std::size_t begin = m_source.offset(block.position());
    const std::size_t end = m_source.offset(block.position() + block.length() - 1);
    QStringList texts;
    for (const Mark& mark : m_marks) {
        if (mark.begin >= begin && mark.begin <= end)
            texts << mark.text;
    }
    return bounded(texts.join(u'\n'));
}

void SourcePane::setMatches(std::vector<::gatehouse::TextRange> matches)
{
    m_matches = std::move(matches);
    updateExtras();
}

void SourcePane::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) {
        ++m_epoch;
        colourVisible();
        updateExtras();
    }
}

void SourcePane::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    const QRect inside = contentsRect();
    m_gutter->setGeometry(inside.left(), inside.top(), gutterWidth(), inside.height());
    colourVisible();
    updateExtras();
}

} // namespace gatehouse::widgets
