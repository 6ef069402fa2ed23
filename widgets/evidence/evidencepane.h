// EvidencePane: whether a run's record is what was written, said only after it was looked at, and who decided in it. GUI thread.
//
// Looking is asked for and answered from outside: every byte is read, which may take long.
#pragma once

#include <QWidget>

#include "core/foundation/result.h"
#include "core/journal/verify.h"
#include "widgets/controls/label.h"
#include "widgets/controls/statuspill.h"
#include "widgets/models/runrow.h"

class QPushButton;
class QVBoxLayout;

namespace gatehouse::widgets {

class EvidencePane final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EvidencePane)
public:
    explicit EvidencePane(QWidget* parent = nullptr);

    // What was found of another run, or of this one when it had fewer records, is not shown any more. Null: no run.
    void setRun(const RunInfo* info, const QString& title);
    void setDecisions(const std::vector<ApprovalPtr>& approvals);
    // As the button does.
    void verify();
    [[nodiscard]] bool isVerified() const { return m_verified; }
    // Of the reading with this ticket; any but the last that was asked for is of a record as it was.
    void showResult(quint64 ticket, const Result<journal::Verification>& result);

Q_SIGNALS:
    void verifyRequested(quint64 ticket, const QString& runDirectory);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showNothingFound();

    std::string m_directory;
    std::uint64_t m_records = 0;
    quint64 m_ticket = 0;    // of the reading that is waited for
    bool m_verified = false; // something was found of what is shown
    std::vector<ApprovalPtr> m_approvals;
    QWidget* m_body;
    Label* m_empty;
    Label* m_title;
    StatusPill* m_state;
    Label* m_words;
    QPushButton* m_verify;
    Label* m_decidedCaption;
    QVBoxLayout* m_decided;
};

} // namespace gatehouse::widgets
