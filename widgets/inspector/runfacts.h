// RunFacts: what a run has used and done so far, in a few rows. GUI thread.
#pragma once

#include <QWidget>

#include "widgets/controls/factrow.h"
#include "widgets/models/runrow.h"

class QProgressBar;

namespace gatehouse::widgets {

class RunFacts final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunFacts)
public:
    explicit RunFacts(QWidget* parent = nullptr);
    // Null, or a run without a record yet: nothing is shown.
    void setRun(const RunInfo* info);

private:
    FactRow* m_turns;
    QProgressBar* m_turnBar;
    FactRow* m_calls;
    FactRow* m_files;
    FactRow* m_tokens;
    FactRow* m_started;
};

} // namespace gatehouse::widgets
