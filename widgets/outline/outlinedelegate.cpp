#include "widgets/outline/outlinedelegate.h"

#include <QLineEdit>
#include <QPainter>

#include "widgets/outline/nodewords.h"
#include "widgets/outline/outlinemodel.h"
#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"

namespace gatehouse::widgets {

static int glyphWidth()
{
    return px(21);
}

QSize OutlineDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {px(120), px(26)};
}

static void paintKind(QPainter& painter, const QRectF& box, const OutlineRow& row, Qt::LayoutDirection direction)
{
    const Tokens& t = tokens();
    const QColor ink = row.missing ? t.deny : row.entry ? t.accent : t.second;
    if (row.handoff)
        paintHandoffGlyph(painter, box, ink, direction);
    else
        paintNodeGlyph(painter, box, row.node.kind, ink, row.entry);
}

// The row's ground is painted by the view over its whole width.
void OutlineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto* model = qobject_cast<const OutlineModel*>(index.model());
    const OutlineRow* row = model ? model->row(index) : nullptr;
    if (!row)
        return;
    const Tokens& t = tokens();
    const bool group = row->kind == OutlineRow::Kind::UnusedGroup;
    QRect space = option.rect.adjusted(px(2), 0, -px(10), 0);
    const auto place = [&](const QRect& rect) { return QStyle::visualRect(option.direction, option.rect, rect); };
    const int right = int(QStyle::visualAlignment(option.direction, Qt::AlignRight)) | Qt::AlignVCenter | Qt::TextSingleLine;
    const int left = int(QStyle::visualAlignment(option.direction, Qt::AlignLeft)) | Qt::AlignVCenter | Qt::TextSingleLine;
    painter->save();
    if (option.state & QStyle::State_Selected) // over what the base paints for the mouse
        painter->fillRect(option.rect, t.accentTint);
    if (!group) {
        const QRect box(space.left(), space.center().y() - px(6), px(13), px(13));
        paintKind(*painter, place(box), *row, option.direction);
        space.setLeft(space.left() + glyphWidth());
    }
    if (row->mark != OutlineRow::Mark::None) {
        const bool error = row->mark == OutlineRow::Mark::Error;
        const QRect box(space.right() - px(12), space.center().y() - px(5), px(12), px(12));
        paintGlyph(*painter, place(box), error ? Glyph::Cross : Glyph::Triangle, error ? t.deny : t.ask);
        space.setRight(space.right() - px(18));
    }
    QFont font = textFont(TextSize::Base, row->kind == OutlineRow::Kind::Agent ? QFont::Medium : QFont::Normal);
    font.setItalic(row->implied);
    const int nameWidth = QFontMetrics(font).horizontalAdvance(row->name);
    const QFont small = textFont(TextSize::Small);
    const int remarkSpace = space.width() - nameWidth - px(10);
    const QString remark = remarkSpace < px(28) ? QString() : QFontMetrics(small).elidedText(row->remark, Qt::ElideRight, remarkSpace);
    painter->setFont(font);
    painter->setPen(group ? t.second : row->missing ? t.deny : t.text);
    painter->drawText(place(space), left, QFontMetrics(font).elidedText(row->name, Qt::ElideRight, space.width()));
    painter->setFont(small);
    painter->setPen(row->missing ? t.deny : t.second);
    painter->drawText(place(space), right, remark);
    painter->restore();
}

QWidget* OutlineDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex& index) const
{
    auto* field = new QLineEdit(parent);
    field->setAccessibleName(tr("New name of %1").arg(index.data().toString()));
    return field;
}

void OutlineDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option, const QModelIndex&) const
{
    const QRect box = option.rect.adjusted(glyphWidth() - px(7), 0, -px(6), 0);
    editor->setGeometry(QStyle::visualRect(option.direction, option.rect, box));
}

} // namespace gatehouse::widgets
