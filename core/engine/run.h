// Run: one execution of a workflow, from its documents to its end or its first undecided approval.
//
// A state machine on the thread that made it, whose event loop must run; it owns the journal's writer while it lives.
// New runs and resumed ones are the same code: what is next follows from the journal alone (Progress).
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include "core/engine/inboxwatch.h"
#include "core/engine/modelturn.h"
#include "core/engine/runcontext.h"
#include "core/engine/runopening.h"
#include "core/engine/runreport.h"
#include "core/engine/taskdecision.h"
#include "core/engine/toolcall.h"
#include "core/engine/turntrees.h"

#include <memory>
#include <optional>
#include <string>

namespace gatehouse::engine {

class Run final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Run)

public:
    // Makes the run's folder and journal; nothing has happened yet.
    [[nodiscard]] static Result<std::unique_ptr<Run>> create(const RunRequest& request, const RunServices& services,
                                                             ApprovalMode approvals);
    // Takes an unfinished run over: ErrorCode::Busy when another process writes it, Corrupt when it was altered.
    [[nodiscard]] static Result<std::unique_ptr<Run>> resume(const std::string& project, const std::string& runDirectory,
                                                             const RunServices& services, ApprovalMode approvals);
    ~Run() override;

    void start();
    // Idempotent; ended() follows.
    void stop(const std::string& by);
    // At the next step, or at once where it waits for a person; ended() with Outcome::Waiting follows.
    void requestPause(const std::string& by);
    // From this program's own window or terminal; others use the inbox. The error says why a vote does not count.
    [[nodiscard]] Result<void> vote(const approval::Vote& vote);
    // The card was on a screen: journaled once per channel.
    void presented(const std::string& approval, const std::string& channel, const std::string& digest);

    [[nodiscard]] const std::string& directory() const { return m_recorder->directory(); }
    [[nodiscard]] const RunId& id() const { return m_recorder->run(); }
    [[nodiscard]] const Recorder& recorder() const { return *m_recorder; }

Q_SIGNALS:
    void approvalOpened(const std::string& id);
    void approvalSettled(const std::string& id);
    // The last signal. The sandbox is gone and the journal sealed.
    void ended(const gatehouse::engine::RunReport& report);

private:
    Run(OpenedRun opened, const RunServices& services, ApprovalMode approvals);
    void connectParts();

    void decideTask();
    void openWorkplace();
    [[nodiscard]] Result<void> noteTask();
    void workplaceOpened(Result<std::unique_ptr<Workplace>> place);
    [[nodiscard]] Result<void> noteSandbox();
    void startRunLimit();
    void next();
    void nextTurn();
    void nextCall();
    void turnEnded();
    void callEnded();
    [[nodiscard]] std::optional<Error> exceeded() const;

    void requestOpened(const std::string& id);
    void received(const std::string& name, const nlohmann::json& message);
    [[nodiscard]] Result<void> obey(const std::string& name, const nlohmann::json& message);
    [[nodiscard]] Result<void> noteControl(const std::string& kind, const std::string& from, const std::string& message);
    void pauseSoon();

    void pause(const std::string& why);
    void fail(const Error& error);
    void finish(Outcome outcome, std::optional<Error> error);
    void endWork();
    void close(RunReport report);
    [[nodiscard]] bool check(const Result<void>& result);
    [[nodiscard]] std::int64_t activeMilliseconds() const;

    std::unique_ptr<RunPlan> m_plan;
    std::unique_ptr<Recorder> m_recorder;
    RunServices m_services;
    std::unique_ptr<model::ModelClient> m_client;
    CancelSource m_cancel;
    CancelSource m_treesCancel; // the trees of a run that ends in order are still written
    // Jobs go before what they use: the destructor waits for them.
    StoredPayloads m_stored;
    std::unique_ptr<Workplace> m_workplace;
    std::unique_ptr<ApprovalGate> m_gate;
    std::unique_ptr<BackgroundJobs> m_jobs;
    std::unique_ptr<RunContext> m_context;
    std::unique_ptr<TurnTrees> m_trees;
    std::unique_ptr<TaskDecision> m_task;
    std::unique_ptr<ModelTurn> m_turn;
    std::unique_ptr<ToolCallRun> m_call;
    InboxWatch m_inbox;
    QTimer m_runLimit;
    QElapsedTimer m_active;
    std::int64_t m_activeBefore = 0;
    bool m_pauseWanted = false;
    SandboxOpened m_sandboxOpened = SandboxOpened::No;
    std::optional<Error> m_startError; // why a paused run could not go on
    bool m_stopped = false;
    bool m_over = false;
};

} // namespace gatehouse::engine
