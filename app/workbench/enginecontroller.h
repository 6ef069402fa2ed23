// EngineController: the window's RunController over a real engine on a thread of its own.
//
// Runs live on the engine's thread; the window only posts to it and hears back by queued signals. What takes long for
// another process's run (its inbox) goes to a pool, so neither thread waits. Destroying it waits until the runs of this process
// have ended, stopped if need be: the window lets them end first (endRuns).
#pragma once

#include <QThread>
#include <QThreadPool>

#include "core/foundation/result.h"
#include "widgets/runcontroller.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace gatehouse::app {
class EngineServices;
}
namespace gatehouse::engine {
class Run;
}

namespace gatehouse::workbench {

class EngineController final : public widgets::RunController {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EngineController)

public:
    EngineController(app::EngineServices& services, std::string project, QObject* parent = nullptr);
    ~EngineController() override;

    quint64 startRun(const std::string& workflowPath, const std::string& task, const widgets::RunOptions& options) override;
    quint64 resumeRun(const std::string& runDirectory) override;
    void stopRun(const std::string& runDirectory) override;
    void vote(const std::string& runDirectory, const approval::Vote& vote) override;
    void notePresented(const std::string& runDirectory, const std::string& approvalId, const std::string& presentationDigest) override;
    [[nodiscard]] bool hasWorkingRuns() const override { return m_working > 0; }
    [[nodiscard]] bool isWriting(const std::string& runDirectory) const override;
    void endRuns(widgets::RunsEnd how) override;
    [[nodiscard]] std::string principal() const override;
    // A run of this process has not ended.
    [[nodiscard]] bool hasLiveRuns() const;

private:
    // Everything below runs on the engine's thread.
    void adopt(quint64 token, Result<std::unique_ptr<engine::Run>> made);
    void forget(const std::string& directory);
    void letEnd(widgets::RunsEnd how);
    void countRuns();
    [[nodiscard]] engine::Run* find(const std::string& directory) const;
    template <typename Work> void onEngine(Work work);

    app::EngineServices& m_services;
    std::string m_project;
    QThread m_thread;
    QObject* m_engine = nullptr; // lives on m_thread; receives the posted work, deleted with it
    QThreadPool m_pool;          // for runs of other processes
    std::map<std::string, std::unique_ptr<engine::Run>> m_runs;
    bool m_ending = false; // endRuns was asked for and has not been answered
    mutable std::mutex m_mutex;
    std::set<std::string> m_live; // under m_mutex: folders of m_runs, for other threads
    std::atomic<int> m_working = 0;
    quint64 m_token = 0;
};

} // namespace gatehouse::workbench
