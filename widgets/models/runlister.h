// RunLister: the runs of a project's .gatehouse/runs, followed on the journal thread: each journal is folded once and then read on
// only where it grew. Delivers the whole list when something in it changed. Owner: the main window. GUI thread.
#pragma once

#include "widgets/models/runfeed.h"
#include "widgets/models/runlistmodel.h"

namespace gatehouse::widgets {

class RunListReader;

class RunLister final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunLister)
public:
    RunLister(const std::string& projectDirectory, JournalThread& thread, QObject* parent = nullptr);
    ~RunLister() override;
    void start();
    void poll();

Q_SIGNALS:
    void entriesChanged(const gatehouse::widgets::RunEntries& entries);

private:
    RunListReader* m_reader; // lives on the journal thread, deleted there
};

} // namespace gatehouse::widgets
