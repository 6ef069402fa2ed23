// ApprovalQueue: the right pane: every open request of the project, oldest first, and those of the shown run that were decided.
// Nothing in it takes the focus by itself. Fed from journals. GUI thread.
#pragma once

#include <QScrollArea>

#include "widgets/controls/label.h"
#include "widgets/models/runlistmodel.h"
#include "widgets/models/runrow.h"

#include <string>

class QVBoxLayout;

namespace gatehouse::widgets {

class ApprovalCard;

class ApprovalQueue final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ApprovalQueue)
public:
    explicit ApprovalQueue(RunTitles titles = {}, QWidget* parent = nullptr);

    // Shown below the cards and scrolls with them. Taken over.
    void setBelow(QWidget* widget);
    void setItems(std::vector<ApprovalPtr> open, std::vector<ApprovalPtr> decided);
    // The one whose request is shown; empty: none.
    void setCurrent(const std::string& approvalId);
    [[nodiscard]] int openCount() const { return m_openCount; }
    [[nodiscard]] std::vector<ApprovalCard*> cards() const;

Q_SIGNALS:
    void reviewRequested(const QString& runDirectory, const QString& approvalId);

private:
    void place(const std::vector<ApprovalPtr>& items);
    void tick();

    RunTitles m_titles;
    Label* m_count;
    Label* m_decidedCaption;
    Label* m_empty;
    QVBoxLayout* m_openColumn;
    QVBoxLayout* m_decidedColumn;
    QVBoxLayout* m_below;
    std::vector<ApprovalCard*> m_cards;
    int m_openCount = 0;
};

} // namespace gatehouse::widgets
