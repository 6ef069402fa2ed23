// ProjectTree: the left pane's tree of a project. Activating a row asks for its document or run. GUI thread.
#pragma once

#include <QTreeView>

#include "widgets/models/projecttreemodel.h"

namespace gatehouse::widgets {

class ProjectTree final : public QTreeView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProjectTree)
public:
    explicit ProjectTree(ProjectTreeModel& model, QWidget* parent = nullptr);
    void selectPath(const QString& path);

Q_SIGNALS:
    void workflowChosen(const QString& path);
    void documentChosen(const QString& path);
    void runChosen(const QString& directory);

protected:
    void drawRow(QPainter* painter, const QStyleOptionViewItem& options, const QModelIndex& index) const override;

private:
    void choose(const QModelIndex& index);
};

} // namespace gatehouse::widgets
