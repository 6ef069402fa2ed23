#include "widgets/forms/instructionsedit.h"

#include <QAbstractItemView>
#include <QKeyEvent>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTextBlock>

#include "widgets/style/fonts.h"
#include "widgets/style/tokens.h"

namespace gatehouse::widgets {

// As core/workflow reads them: no brace and no line end inside, blanks around the name don't count.
static const QRegularExpression& variable()
{
    static const QRegularExpression expression(QStringLiteral("\\{\\{([^{}\\n]*)\\}\\}"));
    return expression;
}

static constexpr int mostMarks = 200;

InstructionsEdit::InstructionsEdit() : FieldTextEdit(5, 16)
{
    m_completer.setModel(&m_names);
    m_completer.setWidget(this);
    m_completer.setCaseSensitivity(Qt::CaseInsensitive);
    m_completer.setFilterMode(Qt::MatchContains);
    connect(&m_completer, qOverload<const QString&>(&QCompleter::activated), this, &InstructionsEdit::take);
    connect(this, &QPlainTextEdit::textChanged, this, &InstructionsEdit::mark);
    connect(this, &FieldTextEdit::edited, this, &InstructionsEdit::offer);
}

void InstructionsEdit::setEntries(const QStringList& entries)
{
    if (entries == m_entries)
        return;
    m_entries = entries;
    m_names.setStringList(entries);
    mark();
}

QStringList InstructionsEdit::unknownEntries() const
{
    QStringList out;
    auto found = variable().globalMatch(text());
    while (found.hasNext()) {
        const QString name = found.next().captured(1).trimmed();
        if (!name.isEmpty() && !m_entries.contains(name) && !out.contains(name))
            out << name;
    }
    return out;
}

void InstructionsEdit::mark()
{
    QList<QTextEdit::ExtraSelection> marks;
    auto found = variable().globalMatch(text());
    while (found.hasNext() && marks.size() < mostMarks) {
        const QRegularExpressionMatch match = found.next();
        const QString name = match.captured(1).trimmed();
        if (name.isEmpty())
            continue;
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(document());
        mark.cursor.setPosition(int(match.capturedStart()));
        mark.cursor.setPosition(int(match.capturedEnd()), QTextCursor::KeepAnchor);
        const bool known = m_entries.contains(name);
        mark.format.setForeground(known ? tokens().accentTintText : tokens().deny);
        if (!known) {
            mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
            mark.format.setUnderlineColor(tokens().deny);
        }
        marks << mark;
    }
    setExtraSelections(marks);
}

// What stands between "{{" and the caret; none: no variable is being written.
static std::optional<QString> beginOfVariable(const QTextCursor& cursor)
{
    const QString before = cursor.block().text().left(cursor.positionInBlock());
    const qsizetype open = before.lastIndexOf(QStringLiteral("{{"));
    if (open < 0)
        return std::nullopt;
    const QString begin = before.mid(open + 2);
    return begin.contains(u'}') || begin.contains(u'{') ? std::nullopt : std::optional(begin);
}

void InstructionsEdit::offer()
{
    const auto begin = beginOfVariable(textCursor());
    if (!begin || m_entries.isEmpty() || !hasFocus()) {
        m_completer.popup()->hide();
        return;
    }
    m_completer.setCompletionPrefix(begin->trimmed());
    if (m_completer.completionCount() == 0) {
        m_completer.popup()->hide();
        return;
    }
    m_completer.popup()->setCurrentIndex(m_completer.completionModel()->index(0, 0));
    QRect place = cursorRect();
    place.setWidth(m_completer.popup()->sizeHintForColumn(0) + m_completer.popup()->verticalScrollBar()->sizeHint().width() + px(24));
    m_completer.complete(place);
}

void InstructionsEdit::take(const QString& entry)
{
    const auto begin = beginOfVariable(textCursor());
    if (!begin)
        return;
    QTextCursor cursor = textCursor();
    cursor.movePosition(QTextCursor::Left, QTextCursor::KeepAnchor, int(begin->size()));
    const QString after = cursor.block().text().mid(textCursor().positionInBlock());
    cursor.insertText(entry + (after.startsWith(QStringLiteral("}}")) ? QString() : QStringLiteral("}}")));
    setTextCursor(cursor);
}

void InstructionsEdit::keyPressEvent(QKeyEvent* event)
{
    if (m_completer.popup()->isVisible()) {
        switch (event->key()) {
        case Qt::Key_Enter:
        case Qt::Key_Return:
        case Qt::Key_Escape:
        case Qt::Key_Tab:
        case Qt::Key_Backtab:
            event->ignore(); // the list's
            return;
        default:
            break;
        }
    }
    FieldTextEdit::keyPressEvent(event);
}

void InstructionsEdit::changeEvent(QEvent* event)
{
    FieldTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        mark();
}

} // namespace gatehouse::widgets
