#include "widgets/controls/tailpill.h"

#include <QEvent>

#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"

namespace gatehouse::widgets {

TailPill::TailPill(QWidget* view) : QPushButton(view)
{
    setFocusPolicy(Qt::NoFocus); // End does the same
    setAutoDefault(false);
    setIcon(widgets::icon(Glyph::ArrowDown, TokenRole::Accent));
    hide();
    view->installEventFilter(this);
}

void TailPill::say(const QString& text, const QString& spoken)
{
    setText(text);
    setAccessibleName(spoken);
    setVisible(!text.isEmpty());
    place();
}

bool TailPill::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        place();
    return QPushButton::eventFilter(watched, event);
}

void TailPill::place()
{
    if (isHidden())
        return;
    adjustSize();
    move((parentWidget()->width() - width()) / 2, parentWidget()->height() - height() - px(12));
    raise();
}

} // namespace gatehouse::widgets
