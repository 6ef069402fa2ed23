// SourceText: keeps a QTextDocument that a person types in and a WorkflowDocument in step, both ways, by the smallest edits.
//
// The QTextDocument holds shielded text (shieldedtext.h) and no undo stack of its own. A keystroke costs what it changes and the
// search for its line, never the whole text. Long documents are filled in by slices; until then the text is not to be edited.
// Owner: the source editor. GUI thread.
#pragma once

#include <QObject>
#include <QTextDocument>
#include <QTimer>

#include "widgets/authoring/workflowdocument.h"
#include "widgets/source/lineindex.h"

#include <optional>

namespace gatehouse::widgets {

class SourceText final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SourceText)
public:
    enum class Origin { Typing, Elsewhere };

    // No line of an editable text is longer, in bytes: one is laid out as a whole.
    static constexpr std::size_t longestLine = 64u << 10;

    SourceText(WorkflowDocument& document, QTextDocument& text, QObject* parent = nullptr);

    // All of it stands in the QTextDocument.
    [[nodiscard]] bool isWhole() const { return m_whole; }
    // A line is too long to be shown as text; nothing is.
    [[nodiscard]] bool hasLongLine() const { return m_longLine; }
    // Between bytes of the document's text and positions of the QTextDocument.
    [[nodiscard]] int position(std::size_t offset) const;
    [[nodiscard]] std::size_t offset(int position) const;
    // Positions [from, to) as they stand in the QTextDocument, a line feed between lines.
    [[nodiscard]] QString units(int from, int to) const;
    // Anew from the document, if they differ.
    void reload();

Q_SIGNALS:
    void wholeChanged();
    // The QTextDocument is about to be filled anew.
    void reloading();
    // An edit from elsewhere is about to be made here.
    void takingEdit();
    // The units [position, position + added) are new, of whichever origin; the bytes of the document's text likewise.
    void edited(int position, int added, gatehouse::widgets::SourceText::Origin origin);
    void moved(std::size_t begin, std::size_t removed, std::size_t added);

private:
    void noteChange(int position, int added);
    void passOn();
    void take(const std::vector<TextChange>& changes);
    [[nodiscard]] bool canTake(const std::vector<TextChange>& changes) const;
    void takeOne(const TextChange& change);
    void fillSlice();
    void replaceUnits(int from, int to, const QString& text);
    [[nodiscard]] int last() const { return m_text.characterCount() - 1; }

    struct Change {
        int begin = 0;
        int after = 0; // units behind it that did not change
    };

    WorkflowDocument& m_document;
    QTextDocument& m_text;
    LineIndex m_index;
    QTimer m_slices;
    std::optional<Change> m_change;
    std::size_t m_filled = 0; // bytes
    bool m_whole = false;
    bool m_longLine = false;
    bool m_writing = false; // into the QTextDocument
    bool m_typing = false;  // into the WorkflowDocument
};

} // namespace gatehouse::widgets
