// The files of a patch as a list with how many lines each added and removed. GUI thread.
#pragma once

#include <QAbstractListModel>
#include <QListView>
#include <QStyledItemDelegate>

#include "widgets/diff/diffdocument.h"

namespace gatehouse::widgets {

class FileListModel final : public QAbstractListModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FileListModel)
public:
    explicit FileListModel(QObject* parent = nullptr);
    void setDocument(DiffDocumentPtr document);
    [[nodiscard]] const PatchFile* file(const QModelIndex& index) const;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    DiffDocumentPtr m_document;
};

class FileListDelegate final : public QStyledItemDelegate {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FileListDelegate)
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

// A list of that model, made to be scrolled through.
[[nodiscard]] QListView* makeFileList(FileListModel& model);

} // namespace gatehouse::widgets
