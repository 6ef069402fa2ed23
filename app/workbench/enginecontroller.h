// EngineController: the window's wishes, carried to the engine and to runs of other processes. Owner: main. GUI thread.
//
// A run that another process writes is reached through its inbox; what becomes of it is seen in its journal.
#pragma once

#include "widgets/runcontroller.h"

namespace gatehouse::workbench {

class EngineController final : public widgets::RunController {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EngineController)
public:
    explicit EngineController(const std::string& projectDirectory, QObject* parent = nullptr);

    quint64 startRun(const std::string& workflowPath, const std::string& task, const widgets::RunOptions& options) override;
    quint64 resumeRun(const std::string& runDirectory) override;
    void stopRun(const std::string& runDirectory) override;
    void vote(const std::string& runDirectory, const approval::Vote& vote) override;
    void notePresented(const std::string& runDirectory, const std::string& approvalId, const std::string& presentationDigest) override;
    [[nodiscard]] bool hasLiveRuns() const override;
    [[nodiscard]] std::string principal() const override;

private:
    quint64 failLater(Error error);

    std::string m_projectDirectory;
    quint64 m_lastToken = 0;
};

} // namespace gatehouse::workbench
