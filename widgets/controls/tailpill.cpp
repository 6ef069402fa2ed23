#include "widgets/controls/tailpill.h"

#include <QAbstractScrollArea>
#include <QEvent>

#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"

namespace gatehouse::widgets {

TailPill::TailPill(Of what, QAbstractScrollArea* view) : QPushButton(view), m_of(what), m_view(view)
{
    setFocusPolicy(Qt::NoFocus); // the view's End does the same
    setAutoDefault(false);
    setIcon(gatehouse::widgets::icon(Glyph::ArrowDown, TokenRole::Accent));
    hide();
    view->viewport()->installEventFilter(this);
}

void TailPill::offer(int unseen)
{
    const bool lines = m_of == Of::Lines;
    if (unseen == 0) {
        setText(tr("Follow"));
        setAccessibleName(lines ? tr("Follow the newest line") : tr("Follow the newest event"));
    } else {
        setText(lines ? tr("%n new lines", nullptr, unseen) : tr("%n new", nullptr, unseen));
        setAccessibleName(lines ? tr("Go to the newest line, %n new", nullptr, unseen)
                                : tr("Go to the newest event, %n new", nullptr, unseen));
    }
    show();
    place();
}

bool TailPill::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && watched == m_view->viewport())
        place();
    return QPushButton::eventFilter(watched, event);
}

void TailPill::place()
{
    if (isHidden())
        return;
    adjustSize();
    const QRect area = m_view->viewport()->geometry();
    move(area.center().x() - width() / 2, area.bottom() - height() - px(11));
    raise();
}

} // namespace gatehouse::widgets
