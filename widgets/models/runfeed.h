// RunFeed: a run's journal, followed. Reading, folding and payloads happen on the journal thread; the GUI thread gets immutable
// batches, at most one per frame, and only asks for the next when it has shown the last: a fast run never floods the window.
//
// A live run and a past one, written by this process or another, are the same to it. Owner: the run page. GUI thread.
#pragma once

#include "core/foundation/error.h"
#include "widgets/models/outputfollower.h"
#include "widgets/models/runrow.h"

#include <QObject>
#include <QThread>

#include <memory>

namespace gatehouse::widgets {

class RunReader;

// The thread that all journals are read on. One per program, made by main after QApplication; outlives every feed.
class JournalThread final {
public:
    JournalThread();
    ~JournalThread();
    JournalThread(const JournalThread&) = delete;
    JournalThread& operator=(const JournalThread&) = delete;
    [[nodiscard]] QThread& thread() { return m_thread; }

private:
    QThread m_thread;
};

class RunFeed final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunFeed)
public:
    RunFeed(const std::string& runDirectory, JournalThread& thread, QObject* parent = nullptr);
    ~RunFeed() override;

    [[nodiscard]] const std::string& runDirectory() const { return m_runDirectory; }
    // Once, when everything is connected.
    void start();
    // The batch has been shown.
    void acknowledge();
    // Look now instead of at the next tick: after a vote of our own.
    void poll();
    // The payloads of one row; detailReady() will name the ticket that this returns.
    std::uint64_t requestDetail(const RowPtr& row);
    // The output of one row from now on, what there is and what comes: outputReady() will name the ticket that this returns. Only one row
    // is followed; a batch comes when the last one was acknowledged.
    std::uint64_t followOutput(const RowPtr& row);
    // The output of the run as a whole, beside that of the row.
    std::uint64_t followRun();
    void acknowledgeOutput(std::uint64_t ticket);
    // Of what is held back.
    void moreOutput(std::uint64_t ticket);

Q_SIGNALS:
    void batchReady(const gatehouse::widgets::RunBatchPtr& batch);
    // Everything that was in the journal when it was opened has been delivered.
    void caughtUp();
    void detailReady(const gatehouse::widgets::RowDetailPtr& detail);
    void outputReady(const gatehouse::widgets::OutputBatchPtr& batch);

private:
    std::string m_runDirectory;
    RunReader* m_reader; // lives on the journal thread, deleted there
    std::uint64_t m_ticket = 0;
};

} // namespace gatehouse::widgets
