// What keys do in a SourcePane beyond typing.
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QTextBlock>

#include "widgets/source/sourcepane.h"

#include <algorithm>
#include <array>

namespace gatehouse::widgets {

static bool isLineKey(const QKeyEvent& event)
{
    return event.key() == Qt::Key_G && event.modifiers() == Qt::ControlModifier;
}

static bool isOurs(const QKeyEvent& event)
{
    static constexpr std::array keys = {QKeySequence::Undo, QKeySequence::Redo, QKeySequence::Find, QKeySequence::FindNext,
                                        QKeySequence::FindPrevious};
    return isLineKey(event) || std::ranges::any_of(keys, [&event](QKeySequence::StandardKey key) { return event.matches(key); });
}

bool SourcePane::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && isOurs(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QPlainTextEdit::event(event);
}

bool SourcePane::handleKey(QKeyEvent& event)
{
    if (isLineKey(event))
        Q_EMIT lineRequested();
    else if (event.matches(QKeySequence::Undo))
        undo(false);
    else if (event.matches(QKeySequence::Redo))
        undo(true);
    else if (event.matches(QKeySequence::Find))
        Q_EMIT findRequested();
    else if (event.key() == Qt::Key_Escape && event.modifiers() == Qt::NoModifier)
        QWidget::focusNextPrevChild(true); // Tab indents: without this the keyboard could not leave
    else if (event.matches(QKeySequence::FindNext) || event.matches(QKeySequence::FindPrevious))
        Q_EMIT findNextRequested(event.matches(QKeySequence::FindPrevious));
    else if (isReadOnly())
        return false;
    else if (event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter)
        breakLine();
    else if (event.key() == Qt::Key_Tab && event.modifiers() == Qt::NoModifier)
        indent(false);
    else if (event.key() == Qt::Key_Backtab)
        indent(true);
    else
        return false;
    return true;
}

void SourcePane::keyPressEvent(QKeyEvent* event)
{
    if (handleKey(*event)) {
        event->accept();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

static QString leadingBlanks(const QString& line)
{
    const auto end = std::find_if(line.begin(), line.end(), [](QChar c) { return c != u' ' && c != u'\t'; });
    return line.left(end - line.begin());
}

QString SourcePane::indentation() const
{
    constexpr int mostLines = 100;
    int looked = 0;
    for (QTextBlock block = QPlainTextEdit::document()->begin(); block.isValid() && looked < mostLines; block = block.next(), ++looked) {
        if (const QString blanks = leadingBlanks(block.text()); !blanks.isEmpty())
            return blanks.front() == u'\t' ? QStringLiteral("\t") : blanks.left(8);
    }
    return QStringLiteral("  ");
}

static bool opens(QStringView before)
{
    const QStringView text = before.trimmed();
    return text.endsWith(u'{') || text.endsWith(u'[');
}

static bool closes(QStringView after)
{
    const QStringView text = after.trimmed();
    return text.startsWith(u'}') || text.startsWith(u']');
}

// The new line is indented like this one, a step more after an opening bracket; a closing one gets its own line.
void SourcePane::breakLine()
{
    QTextCursor cursor = textCursor();
    cursor.beginEditBlock();
    cursor.removeSelectedText();
    const QString line = cursor.block().text();
    const int column = cursor.positionInBlock();
    const QString blanks = leadingBlanks(line).left(column);
    const bool deeper = opens(QStringView(line).left(column));
    cursor.insertText(u'\n' + blanks + (deeper ? indentation() : QString()));
    if (deeper && closes(QStringView(line).mid(column))) {
        const int caret = cursor.position();
        cursor.insertText(u'\n' + blanks);
        cursor.setPosition(caret);
    }
    cursor.endEditBlock();
    setTextCursor(cursor);
    ensureCursorVisible();
}

// Without a selection a step is put in at the caret; a selection's lines are moved.
void SourcePane::indent(bool less)
{
    QTextCursor cursor = textCursor();
    const QString step = indentation();
    if (!cursor.hasSelection() && !less) {
        cursor.insertText(step);
        setTextCursor(cursor);
        return;
    }
    QTextBlock block = QPlainTextEdit::document()->findBlock(cursor.selectionStart());
    const int end = std::max(cursor.selectionStart(), cursor.selectionEnd() - 1);
    const int last = QPlainTextEdit::document()->findBlock(end).blockNumber();
    QTextCursor edit(block);
    edit.beginEditBlock();
    for (; block.isValid() && block.blockNumber() <= last; block = block.next()) {
        edit.setPosition(block.position());
        const QString blanks = leadingBlanks(block.text());
        if (!less && block.length() > 1) {
            edit.insertText(step);
        } else if (less && !blanks.isEmpty()) {
            const auto width = blanks.startsWith(step) ? step.size() : qsizetype(1);
            edit.setPosition(block.position() + int(width), QTextCursor::KeepAnchor);
            edit.removeSelectedText();
        }
    }
    edit.endEditBlock();
}

void SourcePane::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    const auto add = [this, &menu](const QString& text, QKeySequence keys, bool enabled, auto run) {
        QAction* action = menu.addAction(text, this, run);
        action->setShortcut(keys);
        action->setShortcutVisibleInContextMenu(true);
        action->setEnabled(enabled);
    };
    const bool selected = textCursor().hasSelection();
    const bool editable = !isReadOnly();
    QUndoStack& stack = m_document.undoStack();
    add(tr("Undo"), QKeySequence::Undo, stack.canUndo(), [this] { undo(false); });
    add(tr("Redo"), QKeySequence::Redo, stack.canRedo(), [this] { undo(true); });
    menu.addSeparator();
    add(tr("Cut"), QKeySequence::Cut, selected && editable, [this] { cut(); });
    add(tr("Copy"), QKeySequence::Copy, selected, [this] { copy(); });
    add(tr("Paste"), QKeySequence::Paste, editable && canPaste(), [this] { paste(); });
    add(tr("Select All"), QKeySequence::SelectAll, true, [this] { selectAll(); });
    menu.addSeparator();
    add(tr("Find…"), QKeySequence::Find, true, [this] { Q_EMIT findRequested(); });
    add(tr("Go to Line…"), Qt::CTRL | Qt::Key_G, true, [this] { Q_EMIT lineRequested(); });
    menu.exec(event->globalPos());
}

} // namespace gatehouse::widgets
