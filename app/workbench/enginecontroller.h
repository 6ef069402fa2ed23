// EngineController: the window's RunController over a real engine on a thread of its own.
//
// Runs live on the engine's thread; the window only posts to it and hears back by queued signals. What takes long for
// another process's run (its inbox) goes to a pool, so neither thread waits. Destroying it stops the runs of this process.
#pragma once

#include <QThread>
#include <QThreadPool>

#include "core/foundation/result.h"
#include "widgets/runcontroller.h"

#include <atomic>
#include <map>
#include <memory>
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
    [[nodiscard]] bool hasLiveRuns() const override { return m_live > 0; }
    [[nodiscard]] std::string principal() const override;

private:
    // Everything below runs on the engine's thread.
    void adopt(quint64 token, Result<std::unique_ptr<engine::Run>> made);
    void forget(const std::string& directory);
    [[nodiscard]] engine::Run* find(const std::string& directory) const;
    template <typename Work> void onEngine(Work work);

    app::EngineServices& m_services;
    std::string m_project;
    QThread m_thread;
    QObject* m_engine = nullptr; // lives on m_thread; receives the posted work, deleted with it
    QThreadPool m_pool;          // for runs of other processes
    std::map<std::string, std::unique_ptr<engine::Run>> m_runs;
    std::atomic<int> m_live = 0;
    quint64 m_token = 0;
};

} // namespace gatehouse::workbench
