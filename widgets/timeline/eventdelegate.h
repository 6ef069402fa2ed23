// EventDelegate: paints the cells of the event table: mono for machine text, a pill for what needs a person. GUI thread.
#pragma once

#include <QStyledItemDelegate>

namespace gatehouse::widgets {

class EventDelegate final : public QStyledItemDelegate {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EventDelegate)
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintState(QPainter& painter, const QRect& cell, const QModelIndex& index, Qt::LayoutDirection direction) const;
};

} // namespace gatehouse::widgets
