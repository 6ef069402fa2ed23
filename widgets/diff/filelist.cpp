#include "widgets/diff/filelist.h"

#include <QPainter>

#include "widgets/controls/pressablerows.h"
#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"
#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

FileListModel::FileListModel(QObject* parent) : QAbstractListModel(parent), m_document(std::make_shared<DiffDocument>()) { }

void FileListModel::setDocument(DiffDocumentPtr document)
{
    beginResetModel();
    m_document = std::move(document);
    endResetModel();
}

const PatchFile* FileListModel::file(const QModelIndex& index) const
{
    return index.isValid() && index.row() < rowCount() ? &m_document->patch.files[std::size_t(index.row())] : nullptr;
}

int FileListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_document->patch.files.size());
}

QVariant FileListModel::data(const QModelIndex& index, int role) const
{
    const PatchFile* of = file(index);
    if (!of)
        return {};
    QStringList parts = {of->name};
    switch (role) {
    case Qt::DisplayRole:
        return of->name;
    case Qt::ToolTipRole:
        return plainToolTip((parts + fileWords(*of)).join(QStringLiteral(" \u00B7 ")));
    case Qt::AccessibleTextRole:
        parts += fileWords(*of);
        parts << tr("%n lines added", nullptr, of->added) << tr("%n lines removed", nullptr, of->removed);
        return parts.join(QStringLiteral(", "));
    default:
        return {};
    }
}

namespace {

// One letter, as git writes it; the tool tip has the word.
QString letterOf(const PatchFile& file)
{
    switch (file.change) {
    case FileChange::Added:
        return FileListModel::tr("A", "letter for an added file");
    case FileChange::Deleted:
        return FileListModel::tr("D", "letter for a deleted file");
    case FileChange::Renamed:
        return FileListModel::tr("R", "letter for a renamed file");
    case FileChange::Copied:
        return FileListModel::tr("C", "letter for a copied file");
    case FileChange::Modified:
        break;
    }
    return FileListModel::tr("M", "letter for a modified file");
}

} // namespace

QSize FileListDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {px(160), px(26)};
}

void FileListDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto* model = qobject_cast<const FileListModel*>(index.model());
    const PatchFile* file = model ? model->file(index) : nullptr;
    if (!file)
        return;
    const Tokens& t = tokens();
    const bool selected = option.state & QStyle::State_Selected;
    const bool mirrored = option.direction == Qt::RightToLeft;
    painter->save();
    painter->fillRect(option.rect, selected ? t.accentTint : t.panel);
    if (selected)
        paintRule(*painter, option.rect, mirrored ? Qt::RightEdge : Qt::LeftEdge, t.accent, px(3));
    QRect room = option.rect.adjusted(px(12), 0, -px(10), 0);
    painter->setFont(monoFont());
    // From the far end: removed, added; then the letter at the near one; the name has the rest.
    const auto put = [&](const QString& text, const QColor& ink, bool far) {
        const int width = painter->fontMetrics().horizontalAdvance(text);
        const bool right = far != mirrored;
        const QRect box(right ? room.right() + 1 - width : room.left(), room.top(), width, room.height());
        painter->setPen(ink);
        painter->drawText(box, Qt::AlignCenter, text);
        right ? room.setRight(box.left() - px(8)) : room.setLeft(box.right() + px(8));
    };
    put(QChar(0x2212) + QString::number(file->removed), file->removed > 0 ? t.deny : t.third, true);
    put(u'+' + QString::number(file->added), file->added > 0 ? t.ok : t.third, true);
    put(letterOf(*file), t.second, false);
    painter->setPen(t.text);
    painter->setLayoutDirection(Qt::LeftToRight);
    const Qt::Alignment near = mirrored ? Qt::AlignRight : Qt::AlignLeft;
    painter->drawText(room, int(near | Qt::AlignVCenter), painter->fontMetrics().elidedText(file->name, Qt::ElideMiddle, room.width()));
    if (option.state & QStyle::State_HasFocus)
        paintFocusRing(*painter, option.rect, 3);
    painter->restore();
}

QListView* makeFileList(FileListModel& model)
{
    auto* list = new QListView;
    list->setModel(&model);
    list->setItemDelegate(new FileListDelegate(list));
    list->setUniformItemSizes(true);
    list->setFrameShape(QFrame::NoFrame);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list->setSelectionMode(QAbstractItemView::SingleSelection);
    makeRowsPressable(*list, [list](const QModelIndex& index) { Q_EMIT list->activated(index); });
    return list;
}

} // namespace gatehouse::widgets
