// WorkflowPage: a workflow that is open for editing: its document, the canvas here, and the three other views of it that the window
// shows in docks. Owner: the window's stack of pages. GUI thread.
#pragma once

#include <QPointer>
#include <QWidget>

#include "widgets/authoring/draftkeeper.h"
#include "widgets/authoring/workflowdocument.h"
#include "widgets/canvas/canvaspage.h"
#include "widgets/forms/inspectorforms.h"
#include "widgets/outline/outlinetree.h"
#include "widgets/source/sourceeditor.h"

#include <functional>

namespace gatehouse::widgets {
class Surface;
} // namespace gatehouse::widgets

namespace gatehouse::workbench {

class WorkflowPage final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkflowPage)
public:
    WorkflowPage(const QString& path, const QString& projectFolder, widgets::BackgroundThread& background, QWidget* parent = nullptr);
    ~WorkflowPage() override;

    [[nodiscard]] widgets::WorkflowDocument& document() { return m_document; }
    [[nodiscard]] const QString& path() const { return m_document.path(); }
    // Its name; with a dot while it holds what is not saved.
    [[nodiscard]] QString title() const;
    [[nodiscard]] widgets::CanvasPage& canvas() const { return *m_canvas; }
    [[nodiscard]] widgets::OutlineTree& outline() const { return *m_outline; }
    [[nodiscard]] widgets::InspectorForms& inspector() const { return *m_inspector; }
    [[nodiscard]] widgets::SourceEditor& source() const { return *m_source; }

Q_SIGNALS:
    void titleChanged();
    void inspectorRequested();
    void refused(const QString& reason);

private:
    // Two answers to a question of the strip.
    struct Answer {
        QString text;
        QString tip;
        std::function<void()> act;
    };
    [[nodiscard]] QWidget* makeStrip();
    [[nodiscard]] QWidget* makeChoice(const Answer& first, const Answer& second);
    void showStrip();

    widgets::WorkflowDocument m_document; // outlives the views: the destructor sees to it
    widgets::DraftKeeper m_drafts;
    widgets::Label* m_stripText = nullptr;
    QWidget* m_strip = nullptr;
    QWidget* m_choice = nullptr; // between two texts
    QWidget* m_draft = nullptr;  // what to do with one that was found
    QPointer<widgets::CanvasPage> m_canvas;
    QPointer<widgets::OutlineTree> m_outline;      // these stand in docks,
    QPointer<widgets::InspectorForms> m_inspector; // and go with the page
    QPointer<widgets::SourceEditor> m_source;
};

} // namespace gatehouse::workbench
