// OutlineTree: the tree of an OutlineModel: what the canvas can do, by keyboard. GUI thread.
//
// F2 renames in place; Delete takes a use from its agent, and a node of its own out of the workflow (Shift+Delete: everywhere);
// Ctrl+K connects; the menu key shows all of it. The selection is the document's.
#pragma once

#include <QMenu>
#include <QTreeView>

#include "widgets/outline/outlinemodel.h"

namespace gatehouse::widgets {

class OutlineTree final : public QTreeView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OutlineTree)
public:
    explicit OutlineTree(WorkflowDocument& document, QWidget* parent = nullptr);

    [[nodiscard]] OutlineModel& rows() { return m_model; }
    // What can be done with the current row; the caller shows it and owns it.
    [[nodiscard]] std::unique_ptr<QMenu> makeMenu();
    // The nodes that the current one can be joined to.
    [[nodiscard]] std::unique_ptr<QMenu> makeConnectMenu();
    void renameCurrent();
    void removeCurrent();    // the use, or the node
    void removeEverywhere(); // the node
    void add(authoring::NodeKind kind);

Q_SIGNALS:
    void refused(const QString& reason);
    // Enter or a double click: somebody wants the node's form.
    void nodeActivated(const gatehouse::authoring::NodeId& node);

protected:
    void drawRow(QPainter* painter, const QStyleOptionViewItem& options, const QModelIndex& index) const override;
    void drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void addAction(const QString& text, const QKeySequence& keys, void (OutlineTree::*run)());
    void takeSelection();
    void giveSelection();
    void connectCurrent();
    void refuse(const QString& reason);
    void makeEdit(const QString& name, const WorkflowDocument::Change& change);
    void addUseActions(QMenu& menu, const QModelIndex& index);
    void addNodeActions(QMenu& menu, const OutlineRow& row);
    void showSource(const authoring::NodeId& node);
    [[nodiscard]] std::set<authoring::NodeId> selectedNodes() const;

    WorkflowDocument& m_document;
    OutlineModel m_model;
    bool m_syncing = false;
};

} // namespace gatehouse::widgets
