// FollowPill: what floats over a view that does not follow its newest events: how many came since, and the way back. One for the event
// table and the timeline. Child of the view, which places it. GUI thread.
#pragma once

#include <QPushButton>

namespace gatehouse::widgets {

class FollowPill final : public QPushButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FollowPill)
public:
    explicit FollowPill(QWidget* view);

    void setUnseen(int count);
    // In the middle above the lower edge of area.
    void place(const QRect& area);
};

} // namespace gatehouse::widgets
