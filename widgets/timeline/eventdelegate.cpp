#include "widgets/timeline/eventdelegate.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QTableView>

#include "widgets/models/runrecordmodel.h"
#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"

namespace gatehouse::widgets {

namespace {

QFont cellFont(int column, const RunRow& row)
{
    switch (column) {
    case RunRecordModel::Time:
        return monoFont();
    case RunRecordModel::What:
        return textFont(TextSize::Base, QFont::DemiBold);
    case RunRecordModel::Summary:
        return row.kind == RowKind::Call || row.kind == RowKind::Model ? monoFont() : textFont(TextSize::Small);
    default:
        return textFont(TextSize::Small);
    }
}

// The edges of its row's frame that a cell has: above and below, and at either end of what is shown.
Qt::Edges rowEdges(const QStyleOptionViewItem& option, const QModelIndex& index)
{
    const auto* table = qobject_cast<const QTableView*>(option.widget);
    const auto isHidden = [table](int column) { return table && table->isColumnHidden(column); };
    Qt::Edges edges = Qt::TopEdge | Qt::BottomEdge | Qt::LeftEdge | Qt::RightEdge;
    const bool mirrored = option.direction == Qt::RightToLeft;
    for (int column = 0; column < RunRecordModel::ColumnCount; ++column)
        if (column != index.column() && !isHidden(column))
            edges.setFlag((column < index.column()) == mirrored ? Qt::RightEdge : Qt::LeftEdge, false);
    return edges;
}

void paintRowFrame(QPainter& painter, const QRect& cell, Qt::Edges edges)
{
    for (const Qt::Edge edge : {Qt::TopEdge, Qt::BottomEdge, Qt::LeftEdge, Qt::RightEdge})
        if (edges.testFlag(edge))
            paintRule(painter, cell, edge, tokens().accent, 2);
}

QColor cellInk(int column)
{
    const Tokens& t = tokens();
    return column == RunRecordModel::What || column == RunRecordModel::Summary ? t.text : t.second;
}

} // namespace

void EventDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto* model = qobject_cast<const RunRecordModel*>(index.model());
    const RowPtr row = model ? model->row(index.row()) : nullptr;
    if (!row)
        return;
    const Tokens& t = tokens();
    const QRect cell = option.rect;
    const bool selected = option.state & QStyle::State_Selected;
    painter->fillRect(cell, selected ? t.accentTint : t.panel);
    paintRule(*painter, cell, Qt::BottomEdge, t.lineFaint);
    const Qt::Edges edges = rowEdges(option, index);
    if (selected && t.highContrast)
        paintRowFrame(*painter, cell, edges);
    if (index.column() == RunRecordModel::State) {
        paintState(*painter, cell, index, option.direction);
    } else {
        painter->save();
        const QFont font = cellFont(index.column(), *row);
        painter->setFont(font);
        painter->setPen(cellInk(index.column()));
        const bool right = index.column() == RunRecordModel::Duration;
        const bool leads = edges.testFlag(option.direction == Qt::RightToLeft ? Qt::RightEdge : Qt::LeftEdge);
        const int lead = leads ? px(14) : px(4);
        const QRect box = QStyle::visualRect(option.direction, cell, cell.adjusted(lead, 0, right ? -px(12) : -px(8), 0));
        if (index.column() == RunRecordModel::Summary)
            painter->setLayoutDirection(Qt::LeftToRight);
        const QString text = QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, box.width());
        const Qt::Alignment align = QStyle::visualAlignment(option.direction, right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
        painter->drawText(box, int(align) | Qt::TextSingleLine, text);
        painter->restore();
    }
    const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
    if (!view || !view->hasFocus() || view->currentIndex().row() != index.row() ||
        !view->window()->testAttribute(Qt::WA_KeyboardFocusChange))
        return;
    // Inside the frame of what is selected, where that has one.
    const int inset = selected && t.highContrast ? 3 : 0;
    const auto at = [&](Qt::Edge edge) { return edges.testFlag(edge) ? inset : 0; };
    paintRowFrame(*painter, cell.adjusted(at(Qt::LeftEdge), inset, -at(Qt::RightEdge), -inset), edges);
}

// What needs a person or went wrong is a pill; what went well is a quiet glyph; with a word where the word is the news.
void EventDelegate::paintState(QPainter& painter, const QRect& cell, const QModelIndex& index, Qt::LayoutDirection direction) const
{
    const RowPtr row = static_cast<const RunRecordModel*>(index.model())->row(index.row());
    PillLook look = RunRecordModel::stateOf(*row);
    const QRect box = QStyle::visualRect(direction, cell, cell.adjusted(px(4), 0, -px(4), 0));
    if (row->state == RowState::Note && look.text.isEmpty())
        return;
    const bool quiet = row->state == RowState::Done || (row->state == RowState::Failed && !row->outcome.empty());
    if (!quiet)
        return paintPill(painter, box, look, direction);
    painter.save();
    painter.setFont(textFont(TextSize::Small));
    painter.setPen(toneInk(look.tone));
    const bool failed = row->state == RowState::Failed;
    const QRect glyph(box.left(), box.center().y() - px(failed ? 5 : 6), px(failed ? 11 : 13), px(failed ? 11 : 13));
    paintGlyph(painter, QStyle::visualRect(direction, box, glyph), failed ? Glyph::Cross : Glyph::Check, toneInk(look.tone));
    if (!row->outcome.empty()) {
        const QRect words = QStyle::visualRect(direction, box, box.adjusted(px(17), 0, 0, 0));
        painter.drawText(words, int(QStyle::visualAlignment(direction, Qt::AlignLeft)) | Qt::AlignVCenter | Qt::TextSingleLine,
                         painter.fontMetrics().elidedText(look.text, Qt::ElideRight, words.width()));
    }
    painter.restore();
}

} // namespace gatehouse::widgets
