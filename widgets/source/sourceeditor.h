// SourceEditor: the source view of a workflow document: its text, a note when it can't be edited, a bar that finds.
//
// A peer of canvas, outline and forms: text typed here is an edit of the document, edits made there are made in the text; the caret
// chooses nodes, and a chosen node's lines are shown. Owner: the page. GUI thread.
#pragma once

#include <QWidget>

#include "widgets/source/sourcebar.h"
#include "widgets/source/sourcepane.h"

namespace gatehouse::widgets {

class SourceEditor final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SourceEditor)
public:
    explicit SourceEditor(WorkflowDocument& document, QWidget* parent = nullptr);

    [[nodiscard]] SourcePane& pane() const { return *m_pane; }
    [[nodiscard]] SourceBar& bar() const { return *m_bar; }
    // Why the text can't be edited, or parsed; empty: it can.
    [[nodiscard]] QString note() const { return m_note->text(); }
    void find() { m_bar->open(SourceBar::Mode::Find); }
    void goToLine() { m_bar->open(SourceBar::Mode::Line); }

private:
    void updateNote();

    WorkflowDocument& m_document;
    QWidget* m_strip;
    Label* m_note;
    SourcePane* m_pane;
    SourceBar* m_bar;
};

} // namespace gatehouse::widgets
