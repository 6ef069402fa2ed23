#include "widgets/timeline/followpill.h"

#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"

namespace gatehouse::widgets {

FollowPill::FollowPill(QWidget* view) : QPushButton(view)
{
    setFocusPolicy(Qt::NoFocus); // the view's End does the same
    setIcon(gatehouse::widgets::icon(Glyph::ArrowDown, TokenRole::Accent));
    hide();
}

void FollowPill::setUnseen(int count)
{
    setText(count > 0 ? tr("%n new", nullptr, count) : tr("Follow"));
    setAccessibleName(count > 0 ? tr("Go to the newest event, %n new", nullptr, count) : tr("Follow the newest event"));
    adjustSize();
}

void FollowPill::place(const QRect& area)
{
    move(area.center().x() - width() / 2, area.bottom() - height() - px(11));
    raise();
}

} // namespace gatehouse::widgets
