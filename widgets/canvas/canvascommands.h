// CanvasCommands: everything that can be done on a canvas, each as a QAction with a stable name ("canvas.rename"): its keys, its
// menu, and what the window's palette and shortcut sheet list. Each edit is one named undo step.
//
// Shortcuts hold while the canvas or what lies on it has the focus (Qt::WidgetWithChildrenShortcut). Owner: the page. GUI thread.
#pragma once

#include <QAction>
#include <QObject>

#include "widgets/authoring/workflowdocument.h"

class QMenu;

namespace gatehouse::widgets {

class CanvasView;

class CanvasCommands final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CanvasCommands)
public:
    explicit CanvasCommands(CanvasView& view);

    [[nodiscard]] const std::vector<QAction*>& all() const { return m_all; }
    [[nodiscard]] QAction* action(const char* id) const;
    // Off while something else has the keys: a name that is being written.
    void setSuspended(bool suspended);
    void fillMenu(QMenu& menu) const;

    // A new node of this kind where it is seen, joined to the current agent; it becomes the current one.
    void add(authoring::NodeKind kind);
    // The current agent gets a capability of the harness.
    void give(const std::string& capability);
    // Data of these sources, in one step. The entries are made by readDroppedFiles().
    struct NewData {
        std::string wish;
        nlohmann::json entry;
    };
    void addData(const std::vector<NewData>& data, const QPointF& scenePoint);
    // name as it stands in a field, shielded(). Empty: renamed; else why not.
    [[nodiscard]] QString rename(const authoring::NodeId& node, const QString& name);

Q_SIGNALS:
    void insertRequested();
    void renameRequested();
    void refused(const QString& why);
    void saying(const QString& line);

private:
    template <typename Work>
    QAction* add(const char* id, const QString& text, const QList<QKeySequence>& keys, const QString& help, Work work);
    void makeInserting();
    void makeEditing();
    void makeMoving();
    void makeViewing();
    void refresh();
    bool edit(const QString& name, const WorkflowDocument::Change& change);
    void copy() const;
    void remove(const QString& verb);
    void paste(const std::string& text, const QString& name);
    void arrange();
    void changeAccess();
    [[nodiscard]] authoring::Place freePlace(authoring::NodeKind kind) const;
    [[nodiscard]] const authoring::GraphNode* currentNode() const;
    [[nodiscard]] const authoring::GraphWire* selectedWire() const;

    CanvasView& m_view;
    WorkflowDocument& m_document;
    std::vector<QAction*> m_all;
    bool m_suspended = false;
    int m_pasted = 0;
};

} // namespace gatehouse::widgets
