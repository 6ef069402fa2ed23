// EventTable: a run's rows, newest last. Follows the tail until the person scrolls up; then says how many came since.
//
// A table view with a painting delegate, so selection, keyboard and accessibility are Qt's own. GUI thread.
#pragma once

#include <QTableView>

#include "widgets/controls/tailpill.h"
#include "widgets/models/runrecordmodel.h"

namespace gatehouse::widgets {

class EventTable final : public QTableView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EventTable)
public:
    explicit EventTable(RunRecordModel& model, QWidget* parent = nullptr);

    [[nodiscard]] bool isFollowing() const { return m_following; }
    void followTail();

Q_SIGNALS:
    void rowChosen(int row);
    void followed(); // the person wants the newest

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void rowsCame(int count);
    void scrolled();
    void sayUnseen();
    void fitColumns();

    TailPill* m_pill;
    int m_unseen = 0;
    bool m_following = true;
    bool m_scrollingOurselves = false;
};

} // namespace gatehouse::widgets
