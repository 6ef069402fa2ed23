#include "core/engine/run.h"

#include "core/engine/events.h"
#include "core/engine/runpaths.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

// A workflow that names no limit still ends.
static constexpr std::uint64_t defaultTurns = 40;

Result<std::unique_ptr<Run>> Run::create(const RunRequest& request, const RunServices& services, ApprovalMode approvals)
{
    GH_ASSIGN(OpenedRun opened, openNewRun(request, services));
    return std::unique_ptr<Run>(new Run(std::move(opened), services, approvals));
}

Result<std::unique_ptr<Run>> Run::resume(const std::string& project, const std::string& runDirectory, const RunServices& services,
                                         ApprovalMode approvals)
{
    GH_ASSIGN(OpenedRun opened, takeRunOver(project, runDirectory, services));
    return std::unique_ptr<Run>(new Run(std::move(opened), services, approvals));
}

Run::Run(OpenedRun opened, const RunServices& services, ApprovalMode approvals)
    : m_plan(std::move(opened.plan)),
      m_recorder(std::move(opened.recorder)),
      m_services(services),
      m_client(std::move(opened.client)),
      m_stored(m_recorder->directory()),
      m_gate(std::make_unique<ApprovalGate>(*m_plan, *m_recorder)),
      m_jobs(std::make_unique<BackgroundJobs>(1)),
      m_trees(std::make_unique<TurnTrees>(*m_plan, *m_recorder, m_treesCancel.token())),
      m_inbox(*m_recorder),
      m_activeBefore(m_recorder->activeMilliseconds())
{
    m_context.reset(new RunContext{*m_plan, *m_recorder, *m_gate, *m_jobs, m_stored, nullptr, approvals, m_cancel.token()});
    m_runLimit.setSingleShot(true);
    connectParts();
}

Run::~Run()
{
    // Background work holds pointers into the call and the workplace: it ends first.
    m_over = true;
    m_cancel.cancel();
    m_jobs.reset();
}

void Run::connectParts()
{
    connect(&m_inbox, &InboxWatch::arrived, this, &Run::received);
    connect(&m_inbox, &InboxWatch::recordFailed, this, &Run::fail);
    // Queued: whoever hears of a request may pause or end the run, and with it the call that is still asking.
    connect(m_gate.get(), &ApprovalGate::recordFailed, this, &Run::fail, Qt::QueuedConnection);
    connect(m_gate.get(), &ApprovalGate::opened, this, &Run::requestOpened, Qt::QueuedConnection);
    connect(m_gate.get(), &ApprovalGate::settled, this, &Run::approvalSettled);
    connect(m_trees.get(), &TurnTrees::recordFailed, this, &Run::fail);
    connect(&m_runLimit, &QTimer::timeout, this, [this] {
        const std::string used = std::to_string(activeMilliseconds());
        fail({ErrorCode::Limit, m_plan->name, Message("The run reached its time limit after %1 ms", {used})});
    });
}

void Run::start()
{
    m_active.start();
    if (!check(m_inbox.start()))
        return;
    m_gate->expireDue();
    // Other policies than those that allowed the task: they are asked again.
    if (TaskDecision::isMade(*m_plan, m_recorder->progress()))
        return openWorkplace();
    decideTask();
}

// The task itself passes policy before any model or sandbox exists.

void Run::decideTask()
{
    m_task = std::make_unique<TaskDecision>(*m_context);
    connect(m_task.get(), &TaskDecision::allowed, this, &Run::openWorkplace, Qt::QueuedConnection);
    connect(m_task.get(), &TaskDecision::denied, this, &Run::fail, Qt::QueuedConnection);
    connect(m_task.get(), &TaskDecision::failed, this, &Run::fail, Qt::QueuedConnection);
    connect(m_task.get(), &TaskDecision::suspended, this, [this] { pause("waiting for an approval"); }, Qt::QueuedConnection);
    m_task->start();
}

// The sandbox, and in a resumed run the workspace as it was left.

void Run::openWorkplace()
{
    if (m_over || !check(noteTask()))
        return;
    const std::string run = m_recorder->run().text();
    m_jobs->run(
        [this, run]() -> Result<std::unique_ptr<Workplace>> {
            GH_ASSIGN(auto place, Workplace::open(*m_plan, m_services.sandboxes, m_services.sandboxRoot, run, m_cancel.token()));
            GH_TRY(place->rebuild(m_recorder->progress().files(), m_stored.source()));
            return place;
        },
        [this](Result<std::unique_ptr<Workplace>> place) { workplaceOpened(std::move(place)); });
}

Result<void> Run::noteTask()
{
    if (m_recorder->progress().taskSaid())
        return {};
    GH_ASSIGN(const json task, m_recorder->payload(m_plan->task));
    return m_recorder->note(humanEvent(EventType::UserMessage, m_plan->requester, {{"text", task}, {"task", true}}));
}

void Run::workplaceOpened(Result<std::unique_ptr<Workplace>> place)
{
    if (m_over)
        return;
    if (!place && m_recorder->receipts().is_null())
        return fail(place.error());
    if (!place) {
        // What was done and decided is not lost to a full disk or a missing folder of today.
        m_startError = place.error();
        return pause("the sandbox could not be opened again");
    }
    m_workplace = *std::move(place);
    m_sandboxOpened = SandboxOpened::Yes;
    m_context->workplace = m_workplace.get();
    // A resumed run goes on in the workspace that it began in, or not at all.
    const json receipts = toJson(m_workplace->receipts());
    if (!m_recorder->receipts().is_null() && m_recorder->receipts() != receipts) {
        m_startError = Error{ErrorCode::InvalidInput, m_plan->workflow.source.path,
                             "The workspace's sources were changed since the run began", "Restore them, or start a new run"};
        return pause("the workspace's sources were changed");
    }
    auto sources = sourcesDigest(receipts);
    if (!sources)
        return fail(sources.error());
    m_gate->bindWorkplace(*std::move(sources), m_workplace->toolsDigest());
    if (!check(noteSandbox()))
        return;
    startRunLimit();
    next();
}

Result<void> Run::noteSandbox()
{
    const execution::IsolationReport& isolation = m_workplace->session().isolation();
    return m_recorder->note(systemEvent(EventType::SandboxCreated,
                                        {{"backend", isolation.backend},
                                         {"profile", m_plan->profile.name},
                                         {"profileDigest", m_plan->profile.digest()},
                                         {"layers", toJson(isolation)},
                                         {"limits", toJson(m_workplace->spec().limits)},
                                         {"network", "none"},
                                         {"toolsDigest", m_workplace->toolsDigest()},
                                         {"receipts", toJson(m_workplace->receipts())}}));
}

void Run::startRunLimit()
{
    const std::int64_t most = m_plan->profile.limits.run.value_or(std::chrono::hours(1)).count();
    const std::int64_t own = m_plan->agent.limits.run.value_or(std::chrono::milliseconds(most)).count();
    const std::int64_t left = std::max<std::int64_t>(0, std::min(most, own) - activeMilliseconds());
    m_runLimit.start(static_cast<int>(std::min<std::int64_t>(left, std::numeric_limits<int>::max())));
}

// The turn loop: an open call, else the model, until it answers without a call.

void Run::next()
{
    if (m_over)
        return;
    const Progress& progress = m_recorder->progress();
    if (m_stopped)
        return finish(Outcome::Cancelled, Error{ErrorCode::Cancelled, m_plan->name, "The run was stopped"});
    if (m_pauseWanted)
        return pause("asked to pause");
    if (!progress.openCalls().empty())
        return nextCall();
    m_trees->turnEnded();
    if (progress.answered())
        return finish(Outcome::Completed, std::nullopt);
    if (const auto limit = exceeded())
        return fail(*limit);
    nextTurn();
}

void Run::nextTurn()
{
    m_turn = std::make_unique<ModelTurn>(*m_context, *m_client);
    connect(m_turn.get(), &ModelTurn::finished, this, &Run::turnEnded, Qt::QueuedConnection);
    connect(m_turn.get(), &ModelTurn::failed, this, &Run::fail, Qt::QueuedConnection);
    m_turn->start();
}

void Run::turnEnded()
{
    m_turn.reset();
    next();
}

void Run::nextCall()
{
    m_call = std::make_unique<ToolCallRun>(*m_context, m_recorder->progress().openCalls().front().call.id);
    connect(m_call.get(), &ToolCallRun::answered, this, &Run::callEnded, Qt::QueuedConnection);
    connect(m_call.get(), &ToolCallRun::failed, this, &Run::fail, Qt::QueuedConnection);
    connect(m_call.get(), &ToolCallRun::suspended, this, [this] { pause("waiting for an approval"); }, Qt::QueuedConnection);
    m_call->start();
}

void Run::callEnded()
{
    m_call.reset();
    next();
}

std::optional<Error> Run::exceeded() const
{
    const Progress& progress = m_recorder->progress();
    const std::uint64_t turns = m_plan->agent.limits.turns.value_or(defaultTurns);
    if (progress.turns() >= turns)
        return Error{ErrorCode::Limit, m_plan->name, Message("The run used its %1 turns", {std::to_string(turns)}),
                     "Raise limits.turns of the agent"};
    const std::uint64_t used = progress.inputTokens() + progress.outputTokens();
    if (m_plan->agent.limits.tokens && used >= *m_plan->agent.limits.tokens)
        return Error{ErrorCode::Limit, m_plan->name,
                     Message("The run used %1 of %2 tokens", {std::to_string(used), std::to_string(*m_plan->agent.limits.tokens)})};
    return std::nullopt;
}

// Ends.

void Run::pause(const std::string& why)
{
    if (m_over)
        return;
    m_trees->finish(TurnTrees::Rest::Write);
    if (!m_over && check(m_recorder->commit({systemEvent(EventType::RunPaused, {{"why", why}, {"activeMs", activeMilliseconds()}})})))
        close(makeReport(*m_recorder, Outcome::Waiting, m_startError));
}

void Run::fail(const Error& error)
{
    if (!m_over)
        finish(m_stopped ? Outcome::Cancelled : outcomeOf(error.code), error);
}

void Run::finish(Outcome outcome, std::optional<Error> error)
{
    // Nothing acts any more before the last records say what happened.
    endWork();
    m_trees->finish(outcome == Outcome::Completed ? TurnTrees::Rest::Write : TurnTrees::Rest::Leave);
    const Progress& progress = m_recorder->progress();
    // A script that has no answer to a denial is not a broken model: the denial is what ended the run.
    if (outcome == Outcome::ModelFailed && progress.deniedLast() && m_plan->model.api == workflow::ModelApi::Scripted) {
        outcome = Outcome::Denied;
        error->why = Message("A call was denied, and the script goes no further: %1", {error->why.format()});
        error->advice = {};
    }
    const auto written = m_recorder->commit(closingEvents(*m_recorder, outcome, error, m_sandboxOpened, activeMilliseconds()));
    RunReport last = makeReport(*m_recorder, outcome, std::move(error));
    if (!written) {
        last.outcome = Outcome::RecordFailed;
        last.error = written.error();
    }
    close(std::move(last));
}

void Run::endWork()
{
    m_over = true;
    m_runLimit.stop();
    m_inbox.stop();
    m_gate->endWatch();
    m_cancel.cancel();
    m_jobs.reset();
    m_task.reset();
    m_turn.reset();
    m_call.reset();
    m_context->workplace = nullptr;
    m_workplace.reset();
}

void Run::close(RunReport last)
{
    endWork();
    const auto sealed = m_recorder->seal();
    if (!sealed && last.outcome != Outcome::RecordFailed) {
        last.outcome = Outcome::RecordFailed;
        last.error = sealed.error();
    }
    // Queued: whoever receives it may destroy this run.
    QMetaObject::invokeMethod(this, [this, last = std::move(last)] { Q_EMIT ended(last); }, Qt::QueuedConnection);
}

bool Run::check(const Result<void>& result)
{
    if (!result)
        fail(recordFailure(result.error()));
    return result.has_value();
}

std::int64_t Run::activeMilliseconds() const
{
    return m_activeBefore + (m_active.isValid() ? m_active.elapsed() : 0);
}

} // namespace gatehouse::engine
