#include "app/workbench/enginecontroller.h"

#include "app/services/engineservices.h"
#include "core/approval/request.h"
#include "core/engine/runstore.h"

#include <nlohmann/json.hpp>

namespace gatehouse::workbench {

EngineController::EngineController(app::EngineServices& services, std::string project, QObject* parent)
    : RunController(parent), m_services(services), m_project(std::move(project)), m_engine(new QObject)
{
    m_thread.setObjectName(QStringLiteral("engine"));
    m_engine->moveToThread(&m_thread);
    m_thread.start();
}

EngineController::~EngineController()
{
    // Runs end on their own thread: sandboxes are killed and journals sealed before we go on.
    QMetaObject::invokeMethod(
        m_engine,
        [this] {
            letEnd(widgets::RunsEnd::Stop);
            m_runs.clear();
            delete m_engine;
        },
        Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
    m_pool.waitForDone();
}

template <typename Work> void EngineController::onEngine(Work work)
{
    QMetaObject::invokeMethod(m_engine, std::move(work), Qt::QueuedConnection);
}

// A run that waits for a person stays pending; one that works is paused or stopped, and its record says so.
void EngineController::letEnd(widgets::RunsEnd how)
{
    for (auto& [directory, run] : m_runs) {
        if (how == widgets::RunsEnd::Stop && run->recorder().approvals().open().empty())
            run->stop(app::principal());
        else
            run->requestPause(app::principal());
    }
}

void EngineController::endRuns(widgets::RunsEnd how)
{
    onEngine([this, how] {
        m_ending = true;
        letEnd(how);
        countRuns();
    });
}

bool EngineController::hasLiveRuns() const
{
    const std::lock_guard lock(m_mutex);
    return !m_live.empty();
}

bool EngineController::isWriting(const std::string& runDirectory) const
{
    const std::lock_guard lock(m_mutex);
    return m_live.contains(runDirectory);
}

void EngineController::countRuns()
{
    int working = 0;
    std::set<std::string> live;
    for (const auto& [directory, run] : m_runs) {
        working += run->recorder().approvals().open().empty();
        live.insert(directory);
    }
    m_working = working;
    {
        const std::lock_guard lock(m_mutex);
        m_live = std::move(live);
    }
    if (m_ending && m_runs.empty()) {
        m_ending = false;
        Q_EMIT runsEnded();
    }
}

std::string EngineController::principal() const
{
    return app::principal();
}

quint64 EngineController::startRun(const std::string& workflowPath, const std::string& task, const widgets::RunOptions& options)
{
    engine::RunRequest request;
    request.project = m_project;
    request.workflow = workflowPath;
    if (!task.empty())
        request.task = task;
    if (!options.executionClass.empty())
        request.executionClass = workflow::classFromName(options.executionClass);
    if (options.tokensPerSecond > 0)
        request.tokensPerSecond = options.tokensPerSecond;
    request.name = options.name;
    request.requester = app::principal();
    request.build = app::buildName();
    const quint64 token = ++m_token;
    onEngine([this, token, request] { adopt(token, engine::Run::create(request, m_services.forRuns(), engine::ApprovalMode::Wait)); });
    return token;
}

quint64 EngineController::resumeRun(const std::string& runDirectory)
{
    const quint64 token = ++m_token;
    onEngine([this, token, runDirectory] {
        adopt(token, engine::Run::resume(m_project, runDirectory, m_services.forRuns(), engine::ApprovalMode::Wait));
    });
    return token;
}

void EngineController::adopt(quint64 token, Result<std::unique_ptr<engine::Run>> made)
{
    if (!made)
        return Q_EMIT failed(token, made.error());
    engine::Run* run = made->get();
    const std::string directory = run->directory();
    connect(run, &engine::Run::ended, m_engine, [this, directory](const engine::RunReport& report) {
        if (report.outcome == engine::Outcome::RecordFailed && report.error)
            Q_EMIT failed(0, *report.error); // the token has been answered by runStarted
        forget(directory);
    });
    connect(run, &engine::Run::approvalOpened, m_engine, [this] { countRuns(); });
    connect(run, &engine::Run::approvalSettled, m_engine, [this] { countRuns(); });
    m_runs[directory] = *std::move(made);
    countRuns();
    Q_EMIT runStarted(token, QString::fromStdString(directory));
    run->start();
    if (m_ending)
        run->requestPause(app::principal());
}

void EngineController::forget(const std::string& directory)
{
    // Not from within its own signal.
    QMetaObject::invokeMethod(
        m_engine,
        [this, directory] {
            m_runs.erase(directory);
            countRuns();
        },
        Qt::QueuedConnection);
}

engine::Run* EngineController::find(const std::string& directory) const
{
    const auto found = m_runs.find(directory);
    return found == m_runs.end() ? nullptr : found->second.get();
}

void EngineController::stopRun(const std::string& runDirectory)
{
    onEngine([this, runDirectory] {
        if (engine::Run* run = find(runDirectory))
            return run->stop(app::principal());
        m_pool.start([this, runDirectory] {
            const nlohmann::json message = {{"kind", "stop"}, {"from", app::principal()}};
            if (const auto done = engine::RunStore(m_project).control(runDirectory, message, m_services.clock()); !done)
                Q_EMIT failed(0, done.error());
        });
    });
}

void EngineController::vote(const std::string& runDirectory, const approval::Vote& vote)
{
    const auto answer = [this, vote](const auto& counted) {
        if (!counted)
            Q_EMIT voteRefused(QString::fromStdString(vote.id.text()), counted.error());
    };
    onEngine([this, runDirectory, vote, answer] {
        if (engine::Run* run = find(runDirectory))
            return answer(run->vote(vote));
        m_pool.start([this, vote, answer] {
            const engine::RunStore store(m_project);
            const auto stored = store.findApproval(vote.id.text());
            answer(stored ? store.vote(*stored, vote, m_services.clock()) : std::unexpected(stored.error()));
        });
    });
}

void EngineController::notePresented(const std::string& runDirectory, const std::string& approvalId, const std::string& presentationDigest)
{
    onEngine([this, runDirectory, approvalId, presentationDigest] {
        // A run that nobody works on has no writer to note it; its card can still be shown and voted on.
        if (engine::Run* run = find(runDirectory))
            run->presented(approvalId, "window", presentationDigest);
    });
}

} // namespace gatehouse::workbench
