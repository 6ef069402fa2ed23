// StatusLine: what holds for the shown run: sandbox layers, policy, class, usage, journal, and as whom one decides. GUI thread.
#pragma once

#include <QStatusBar>

#include "widgets/controls/label.h"
#include "widgets/controls/statuspill.h"
#include "widgets/models/runrow.h"

namespace gatehouse::workbench {

class StatusLine final : public QStatusBar {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatusLine)
public:
    explicit StatusLine(QWidget* parent = nullptr);
    void setRun(const widgets::RunInfo* info); // null: no run is shown
    void setPrincipal(const QString& principal);

private:
    void showParts();

    widgets::StatusPill* m_sandbox;
    widgets::Label* m_policy;
    widgets::Label* m_class;
    widgets::Label* m_usage;
    widgets::Label* m_journal;
    widgets::Label* m_principal;
    bool m_anyRun = false;
};

} // namespace gatehouse::workbench
