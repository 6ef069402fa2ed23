// RunReader: the half of RunFeed that lives on the journal thread. Not for others.
#pragma once

#include "core/journal/reader.h"
#include "widgets/models/outputfollower.h"
#include "widgets/models/runfold.h"

#include <QObject>

#include <optional>

class QFileSystemWatcher;
class QTimer;

namespace gatehouse::widgets {

class RunReader final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunReader)
public:
    explicit RunReader(std::string runDirectory);

    // All called on the journal thread, by queued calls.
    void start();
    void acknowledge();
    void poll();
    void loadDetail(std::uint64_t ticket, const RowPtr& row);
    void followOutput(std::uint64_t ticket, const RowPtr& row);
    void followRun(std::uint64_t ticket);
    void moreOutput(std::uint64_t ticket);
    void acknowledgeOutput(std::uint64_t ticket);

Q_SIGNALS:
    void batchReady(const gatehouse::widgets::RunBatchPtr& batch);
    void caughtUp();
    void detailReady(const gatehouse::widgets::RowDetailPtr& detail);
    void outputReady(const gatehouse::widgets::OutputBatchPtr& batch);

private:
    enum class Found { Nothing, Some, More };
    Found readSome();
    void deliver();
    void deliverOutput();
    void watch();
    [[nodiscard]] std::vector<ApprovalPtr> approvals();
    [[nodiscard]] ApprovalPtr makeApproval(const approval::RequestStatus& status);
    void loadPayload(const nlohmann::json& reference, std::string& into, RowDetail& detail);
    void note(const Error& error);

    std::string m_runDirectory;
    std::optional<journal::Reader> m_reader;
    RunFold m_fold;
    OutputFollower m_output; // of the chosen row
    OutputFollower m_runOutput;
    std::uint64_t m_next = 0; // seq
    std::string m_problem;
    bool m_broken = false;   // the journal can't be read further
    bool m_inFlight = false; // a batch was delivered and not acknowledged
    bool m_wanted = false;   // somebody asked while it was in flight
    bool m_caughtUp = false;
    bool m_wasAlive = false;
    std::map<std::string, ApprovalPtr> m_known;
    QFileSystemWatcher* m_watcher = nullptr;
    QTimer* m_timer = nullptr;
};

} // namespace gatehouse::widgets
