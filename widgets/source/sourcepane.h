// SourcePane: the text of a workflow document, typed in: colours of words, line numbers, marks of problems, brackets, the lines of
// the selected node. Part of SourceEditor. GUI thread.
//
// Nothing hidden stays hidden: bidi and control characters are drawn as marks that name them (shieldedtext.h), and lines are laid out
// from left to right. What is done per keystroke or frame is bounded by what is on the screen.
#pragma once

#include <QPlainTextEdit>
#include <QTextBlock>
#include <QTimer>

#include "widgets/source/sourcetext.h"

#include <optional>
#include <vector>

namespace gatehouse::widgets {

class SourcePane final : public QPlainTextEdit {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SourcePane)
public:
    SourcePane(WorkflowDocument& document, QWidget* parent = nullptr);

    [[nodiscard]] SourceText& source() { return m_source; }
    [[nodiscard]] std::size_t caretOffset() const { return m_source.offset(textCursor().position()); }
    // A problem of this document: its bytes, and what is said of them; safe to show.
    struct Mark {
        std::size_t begin = 0;
        std::size_t end = 0;
        Severity severity = Severity::Error;
        QString text;
    };
    [[nodiscard]] const std::vector<Mark>& marks() const { return m_marks; }
    // The selected node's lines, counted from 0.
    [[nodiscard]] std::optional<std::pair<int, int>> nodeLines() const;
    [[nodiscard]] bool isLineOnScreen(int line) const;

    // Puts the caret there and shows it.
    void showPlace(std::size_t offset);
    void select(std::size_t begin, std::size_t end);
    // Bytes that match what is searched for; those on the screen are marked.
    void setMatches(std::vector<::gatehouse::TextRange> matches);
    // One step of indentation as the document has it.
    [[nodiscard]] QString indentation() const;

    // For the gutter, a child of ours.
    [[nodiscard]] int gutterWidth() const;
    void paintGutter(QPaintEvent* event);
    bool gutterToolTip(QHelpEvent* event);

Q_SIGNALS:
    void findRequested();
    void findNextRequested(bool backwards);
    void lineRequested();

protected:
    bool event(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    [[nodiscard]] QMimeData* createMimeDataFromSelection() const override;
    void insertFromMimeData(const QMimeData* source) override;

private:
    bool handleKey(QKeyEvent& event);
    void undo(bool forward);
    void breakLine();
    void indent(bool less);
    void noteEdit(int position, int added, SourceText::Origin origin);
    void noteMove(std::size_t begin, std::size_t removed, std::size_t added);
    void followCaret();
    void showSelection();
    void readProblems();
    void updateEditable();
    void keepScroll();
    void colour(const QTextBlock& first, int count);
    void colourVisible();
    void updateExtras();
    void paintGrounds(QPainter& painter) const;
    void paintHidden(QPainter& painter) const;
    void paintMatchesIn(QList<QTextEdit::ExtraSelection>& out, std::size_t begin, std::size_t end) const;
    void addBrackets(QList<QTextEdit::ExtraSelection>& out) const;
    [[nodiscard]] std::optional<int> partnerOf(int position, QChar bracket) const;
    [[nodiscard]] QTextEdit::ExtraSelection marked(int from, int to, const QTextCharFormat& format) const;
    [[nodiscard]] std::pair<std::size_t, std::size_t> bytesOnScreen() const;
    [[nodiscard]] QTextBlock lastBlockOnScreen() const;
    [[nodiscard]] const Mark* markAt(std::size_t offset) const;
    // The name of a hidden character beside the position; empty: none.
    [[nodiscard]] QString hiddenAround(int position) const;
    [[nodiscard]] QString problemsOfLine(int line) const;

    WorkflowDocument& m_document;
    SourceText m_source;
    QWidget* m_gutter;
    QTimer m_follow;
    QTimer m_extras;           // once for all that an edit moves
    std::vector<Mark> m_marks; // in order
    std::vector<::gatehouse::TextRange> m_matches;
    std::optional<::gatehouse::TextRange> m_node;    // the selected one's definition
    QTextBlock m_top;                                // what was first on screen before an edit from elsewhere
    std::optional<std::size_t> m_caretToRestore = 0; // when all of the text is there
    int m_lastEditEnd = 0;
    bool m_following = false; // the selection is made by the caret
    int m_epoch = 0;          // of colours
};

} // namespace gatehouse::widgets
