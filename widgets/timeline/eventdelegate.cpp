#include "widgets/timeline/eventdelegate.h"

#include <QAbstractItemView>
#include <QPainter>

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
    if (selected && t.highContrast) {
        paintRule(*painter, cell, Qt::TopEdge, t.accent, 2);
        paintRule(*painter, cell, Qt::BottomEdge, t.accent, 2);
    }
    if (index.column() == RunRecordModel::State) {
        paintState(*painter, cell, index, option.direction);
    } else {
        painter->save();
        const QFont font = cellFont(index.column(), *row);
        painter->setFont(font);
        painter->setPen(cellInk(index.column()));
        const bool right = index.column() == RunRecordModel::Duration;
        const int lead = index.column() == RunRecordModel::Time ? px(14) : px(4);
        const QRect box = QStyle::visualRect(option.direction, cell, cell.adjusted(lead, 0, right ? -px(12) : -px(8), 0));
        if (index.column() == RunRecordModel::Summary)
            painter->setLayoutDirection(Qt::LeftToRight);
        const QString text = QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, box.width());
        const Qt::Alignment align = QStyle::visualAlignment(option.direction, right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
        painter->drawText(box, int(align) | Qt::TextSingleLine, text);
        painter->restore();
    }
    const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
    if (view && view->hasFocus() && view->currentIndex().row() == index.row() &&
        view->window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        paintRule(*painter, cell, Qt::TopEdge, t.accent, 2);
        paintRule(*painter, cell, Qt::BottomEdge, t.accent, 2);
    }
}

// What needs a person or went wrong is a pill; what went well is a quiet glyph; a word alone where the word is the news.
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
    if (row->state == RowState::Done && row->outcome.empty()) {
        const QRect glyph(box.left(), box.center().y() - px(6), px(13), px(13));
        paintGlyph(painter, QStyle::visualRect(direction, box, glyph), Glyph::Check, toneInk(look.tone));
    } else {
        painter.drawText(box, int(QStyle::visualAlignment(direction, Qt::AlignLeft)) | Qt::AlignVCenter | Qt::TextSingleLine,
                         painter.fontMetrics().elidedText(look.text, Qt::ElideRight, box.width()));
    }
    painter.restore();
}

} // namespace gatehouse::widgets
