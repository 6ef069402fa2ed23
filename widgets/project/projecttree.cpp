#include "widgets/project/projecttree.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include "widgets/controls/pressablerows.h"
#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"
#include "widgets/style/paint.h"

namespace gatehouse::widgets {

namespace {

using Section = ProjectTreeModel::Section;

Glyph sectionGlyph(Section section)
{
    switch (section) {
    case Section::Workflows:
        return Glyph::Workflow;
    case Section::Policies:
        return Glyph::Policy;
    case Section::Profiles:
        return Glyph::Profile;
    case Section::Runs:
        break;
    }
    return Glyph::Run;
}

class RowDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {px(120), px(26)}; }

    // The row's ground is painted by the view over its whole width.
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Tokens& t = tokens();
        const QRect row = option.rect.adjusted(px(2), 0, -px(12), 0);
        const bool isSection = !index.parent().isValid();
        int left = row.left();
        painter->save();
        if (!isSection) {
            const QRect glyph(left, row.center().y() - px(6), px(13), px(13));
            paintRowGlyph(*painter, QStyle::visualRect(option.direction, row, glyph), index);
            left += px(21);
        }
        const QString remark = index.data(ProjectTreeModel::RemarkRole).toString();
        const QFont small = textFont(TextSize::Small);
        const int remarkWidth = remark.isEmpty() ? 0 : QFontMetrics(small).horizontalAdvance(remark) + px(8);
        const QFont font = textFont();
        painter->setFont(font);
        painter->setPen(t.text);
        const QRect text =
            QStyle::visualRect(option.direction, row, QRect(left, row.top(), row.right() - left - remarkWidth, row.height()));
        const int align = int(QStyle::visualAlignment(option.direction, Qt::AlignLeft)) | Qt::AlignVCenter | Qt::TextSingleLine;
        painter->drawText(text, align, QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, text.width()));
        painter->setFont(small);
        painter->setPen(index.data(ProjectTreeModel::ProblemRole).toBool() ? t.deny : t.second);
        painter->drawText(row, int(QStyle::visualAlignment(option.direction, Qt::AlignRight)) | Qt::AlignVCenter | Qt::TextSingleLine,
                          remark);
        painter->restore();
    }

private:
    static void paintRowGlyph(QPainter& painter, const QRect& box, const QModelIndex& index)
    {
        const QVariant progress = index.data(ProjectTreeModel::ProgressRole);
        if (progress.isValid()) {
            const PillLook look = progressLook(RunProgress(progress.toInt()));
            paintGlyph(painter, box, look.glyph, toneInk(look.tone));
        } else {
            paintGlyph(painter, box, sectionGlyph(Section(index.data(ProjectTreeModel::SectionRole).toInt())), tokens().second);
        }
    }
};

} // namespace

ProjectTree::ProjectTree(ProjectTreeModel& model, QWidget* parent) : QTreeView(parent)
{
    setModel(&model);
    setItemDelegate(new RowDelegate(this));
    setAccessibleName(tr("Project"));
    header()->hide();
    setFrameShape(NoFrame);
    setUniformRowHeights(true);
    setEditTriggers(NoEditTriggers);
    setExpandsOnDoubleClick(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_Hover);
    expandAll();
    connect(&model, &QAbstractItemModel::modelReset, this, &QTreeView::expandAll);
    connect(&model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex& section, int first, int) {
        if (first == 0 && section.isValid())
            expand(section);
    });
    connect(this, &QTreeView::clicked, this, &ProjectTree::choose);
    connect(this, &QTreeView::activated, this, &ProjectTree::choose);
    makeRowsPressable(*this, [this](const QModelIndex& index) { choose(index); });
}

void ProjectTree::choose(const QModelIndex& index)
{
    if (!index.parent().isValid())
        return;
    const QString path = index.data(ProjectTreeModel::PathRole).toString();
    switch (Section(index.data(ProjectTreeModel::SectionRole).toInt())) {
    case Section::Workflows:
        Q_EMIT workflowChosen(path);
        break;
    case Section::Runs:
        Q_EMIT runChosen(path);
        break;
    default:
        Q_EMIT documentChosen(path);
    }
}

void ProjectTree::selectPath(const QString& path)
{
    for (int section = 0; section < ProjectTreeModel::sectionCount; ++section) {
        const QModelIndex parent = model()->index(section, 0);
        for (int row = 0; row < model()->rowCount(parent); ++row) {
            const QModelIndex found = model()->index(row, 0, parent);
            if (found.data(ProjectTreeModel::PathRole).toString() == path) {
                setCurrentIndex(found);
                return;
            }
        }
    }
}

void ProjectTree::drawRow(QPainter* painter, const QStyleOptionViewItem& options, const QModelIndex& index) const
{
    const Tokens& t = tokens();
    QRect row = options.rect;
    row.setLeft(0);
    row.setRight(viewport()->width());
    const bool selected = selectionModel()->isSelected(index);
    const QPoint mouse = viewport()->mapFromGlobal(QCursor::pos());
    if (selected)
        painter->fillRect(row, t.accentTint);
    else if (viewport()->underMouse() && row.contains(mouse))
        painter->fillRect(row, mix(t.panelSecond, t.text, 0.04));
    QTreeView::drawRow(painter, options, index);
    if (selected && t.highContrast)
        paintRoundedRect(*painter, row, 0, {}, t.accent, 2);
    if (hasFocus() && currentIndex() == index && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        paintFocusRing(*painter, QRectF(row).adjusted(2, 1, -2, -1), 5);
}

} // namespace gatehouse::widgets
