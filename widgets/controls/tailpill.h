// TailPill: floats over a view that does not follow its newest events or lines: how many came since, and the way back. One for the
// event table, the timeline and the log. Child of the view, over whose contents it keeps its place. GUI thread.
#pragma once

#include <QPushButton>

class QAbstractScrollArea;

namespace gatehouse::widgets {

class TailPill final : public QPushButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TailPill)
public:
    enum class Of { Events, Lines };
    // Hidden at first; a press is clicked().
    TailPill(Of what, QAbstractScrollArea* view);

    // Shows it; with nothing new it offers to follow.
    void offer(int unseen);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    Of m_of;
    QAbstractScrollArea* m_view;
};

} // namespace gatehouse::widgets
