// ApprovalCard: a request in the queue, small: what, who, why, until when; Review opens it whole: it is decided there and
// never here. Once decided it is a receipt. GUI thread.
#pragma once

#include "widgets/controls/label.h"
#include "widgets/controls/surface.h"
#include "widgets/models/runlistmodel.h"
#include "widgets/models/runrow.h"

class QPushButton;

namespace gatehouse::widgets {

class ApprovalCard final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ApprovalCard)
public:
    ApprovalCard(const ApprovalPtr& item, RunTitles titles, QWidget* parent = nullptr);
    void setItem(const ApprovalPtr& item);
    [[nodiscard]] const ApprovalPtr& item() const { return m_item; }
    // The request itself is shown in the window: nothing more to be opened here.
    void setCurrent(bool current);
    void tick(); // the time left

Q_SIGNALS:
    void reviewRequested();

private:
    void showItem();

    ApprovalPtr m_item;
    RunTitles m_titles;
    QString m_shownTitle;
    bool m_current = false;
    Card* m_card;
    StatusPill* m_state;
    Label* m_title;
    Label* m_expiry;
    Label* m_who;
    Label* m_why;
    QPushButton* m_review;
};

} // namespace gatehouse::widgets
