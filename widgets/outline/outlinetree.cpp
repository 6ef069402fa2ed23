#include "widgets/outline/outlinetree.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "widgets/controls/pressablerows.h"
#include "widgets/outline/nodewords.h"
#include "widgets/outline/outlinedelegate.h"
#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"
#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

using namespace authoring;

OutlineTree::OutlineTree(WorkflowDocument& document, QWidget* parent) : QTreeView(parent), m_document(document), m_model(document)
{
    setModel(&m_model);
    setItemDelegate(new OutlineDelegate(this));
    setAccessibleName(tr("Outline of the workflow"));
    header()->hide();
    setFrameShape(NoFrame);
    setUniformRowHeights(true);
    setEditTriggers(EditKeyPressed);
    setExpandsOnDoubleClick(false);
    setSelectionMode(ExtendedSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setDragEnabled(true);
    setAcceptDrops(true);
    setDropIndicatorShown(true);
    setDragDropMode(DragDrop);
    setDefaultDropAction(Qt::LinkAction);
    viewport()->setAutoFillBackground(false);
    viewport()->setAttribute(Qt::WA_Hover);
    setMouseTracking(true);

    addAction(tr("Remove"), QKeySequence::Delete, &OutlineTree::removeCurrent);
    addAction(tr("Remove from the workflow"), Qt::SHIFT | Qt::Key_Delete, &OutlineTree::removeEverywhere);
    addAction(tr("Connect to…"), Qt::CTRL | Qt::Key_K, &OutlineTree::connectCurrent);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &QTreeView::expandAll);
    // An agent is unfolded when its first use appears; afterwards as the person left it.
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex& above, int first, int last) {
        if (above.isValid() && m_model.rowCount(above) == last - first + 1)
            expand(above);
        for (int i = first; !above.isValid() && i <= last; ++i)
            expand(m_model.index(i, 0));
    });
    connect(&m_model, &OutlineModel::refused, this, &OutlineTree::refuse);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &OutlineTree::giveSelection);
    connect(&m_document, &WorkflowDocument::selectionChanged, this, &OutlineTree::takeSelection);
    connect(&m_document, &WorkflowDocument::graphChanged, this, &OutlineTree::takeSelection);
    connect(this, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (const OutlineRow* row = m_model.row(index); row && row->kind != OutlineRow::Kind::UnusedGroup)
            Q_EMIT nodeActivated(row->node);
    });
    makeRowsPressable(*this, [this](const QModelIndex& index) { Q_EMIT activated(index); });
    expandAll();
    takeSelection();
}

void OutlineTree::addAction(const QString& text, const QKeySequence& keys, void (OutlineTree::*run)())
{
    auto* action = new QAction(text, this);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetShortcut);
    connect(action, &QAction::triggered, this, run);
    QWidget::addAction(action);
}

// Selection

std::set<NodeId> OutlineTree::selectedNodes() const
{
    std::set<NodeId> out;
    for (const QModelIndex& index : selectionModel()->selectedRows()) {
        if (const OutlineRow* row = m_model.row(index); row && row->kind != OutlineRow::Kind::UnusedGroup)
            out.insert(row->node);
    }
    return out;
}

void OutlineTree::giveSelection()
{
    if (m_syncing)
        return;
    m_syncing = true;
    const OutlineRow* current = m_model.row(currentIndex());
    std::set<NodeId> nodes = selectedNodes();
    const bool inside = current && nodes.contains(current->node);
    const auto first = inside ? std::optional(current->node) : nodes.empty() ? std::nullopt : std::optional(*nodes.begin());
    m_document.select(std::move(nodes), first);
    m_syncing = false;
}

void OutlineTree::takeSelection()
{
    if (m_syncing || state() == EditingState || selectedNodes() == m_document.selection())
        return;
    m_syncing = true;
    QItemSelection wanted;
    for (const NodeId& node : m_document.selection()) {
        const QModelIndexList places = m_model.indexesOf(node);
        if (!places.isEmpty())
            wanted.select(places.first(), places.first());
    }
    selectionModel()->select(wanted, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (const auto current = m_document.current()) {
        const QModelIndexList places = m_model.indexesOf(*current);
        if (!places.isEmpty()) {
            selectionModel()->setCurrentIndex(places.first(), QItemSelectionModel::NoUpdate);
            scrollTo(places.first());
        }
    }
    m_syncing = false;
}

// Looks

void OutlineTree::drawRow(QPainter* painter, const QStyleOptionViewItem& options, const QModelIndex& index) const
{
    const Tokens& t = tokens();
    QRect row = options.rect;
    row.setLeft(0);
    row.setRight(viewport()->width());
    const bool selected = selectionModel()->isSelected(index);
    if (selected)
        painter->fillRect(row, t.accentTint);
    else if (viewport()->underMouse() && row.contains(viewport()->mapFromGlobal(QCursor::pos())))
        painter->fillRect(row, mix(t.panelSecond, t.text, 0.04));
    QTreeView::drawRow(painter, options, index);
    if (selected && t.highContrast)
        paintRoundedRect(*painter, row, 0, {}, t.accent, 2);
    if (hasFocus() && currentIndex() == index && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        paintFocusRing(*painter, QRectF(row).adjusted(2, 1, -2, -1), 5);
}

// Only the chevron: the row's ground is there already.
void OutlineTree::drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const
{
    if (!m_model.hasChildren(index))
        return;
    QStyleOption option;
    option.initFrom(this);
    option.rect = rect;
    option.state = QStyle::State_Children | (isExpanded(index) ? QStyle::State_Open : QStyle::State_None);
    style()->drawPrimitive(QStyle::PE_IndicatorBranch, &option, painter, this);
}

void OutlineTree::paintEvent(QPaintEvent* event)
{
    QTreeView::paintEvent(event);
    if (m_model.rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setFont(textFont());
    painter.setPen(tokens().third);
    const QRect space = viewport()->rect().adjusted(px(16), px(12), -px(16), 0);
    painter.drawText(space, Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, tr("No agents yet"));
}

bool OutlineTree::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QTreeView::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const OutlineRow* row = m_model.row(indexAt(help->pos()));
    if (!row)
        return QTreeView::viewportEvent(event);
    QStringList lines{row->remark.isEmpty() ? row->name : row->name + QStringLiteral(" · ") + row->remark};
    if (!row->problems.isEmpty())
        lines << row->problems;
    QToolTip::showText(help->globalPos(), plainToolTip(lines.join(u'\n')), viewport());
    return true;
}

} // namespace gatehouse::widgets
