#include "core/engine/run.h"

#include "core/engine/events.h"
#include "core/engine/runpaths.h"
#include "core/journal/runstate.h"
#include "core/policy/snapshot.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

// A workflow that names no limit still ends.
static constexpr std::uint64_t defaultTurns = 40;

std::string_view outcomeName(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Completed:
        return "completed";
    case Outcome::Denied:
        return "denied";
    case Outcome::Waiting:
        return "waiting";
    case Outcome::Limit:
        return "limit";
    case Outcome::SandboxFailed:
        return "sandbox-failed";
    case Outcome::ModelFailed:
        return "model-failed";
    case Outcome::RecordFailed:
        return "record-failed";
    case Outcome::Cancelled:
        break;
    }
    return "cancelled";
}

static Outcome outcomeOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Model:
        return Outcome::ModelFailed;
    case ErrorCode::Limit:
        return Outcome::Limit;
    case ErrorCode::Denied:
        return Outcome::Denied;
    case ErrorCode::Cancelled:
        return Outcome::Cancelled;
    case ErrorCode::Record:
    case ErrorCode::Corrupt:
    case ErrorCode::Internal:
        return Outcome::RecordFailed;
    default:
        return Outcome::SandboxFailed;
    }
}

Result<std::unique_ptr<Run>> Run::create(const RunRequest& request, const RunServices& services, ApprovalMode approvals)
{
    GH_ASSIGN(std::unique_ptr<RunPlan> plan, makePlan(request));
    GH_ASSIGN(auto client, services.makeClient(*plan));
    const RunId id(makeUuidV7());
    GH_ASSIGN(const std::string directory, makeRunParent(plan->project, id));
    GH_ASSIGN(auto recorder, Recorder::create(directory, id, std::string(className(plan->executionClass)), services.clock));
    std::unique_ptr<Run> run(new Run(std::move(plan), std::move(recorder), services, approvals));
    run->m_client = std::move(client);
    GH_TRY(run->noteOpening());
    return run;
}

Result<std::unique_ptr<Run>> Run::resume(const std::string& project, const std::string& runDirectory, const RunServices& services,
                                         ApprovalMode approvals)
{
    // Everything that can refuse comes before the writer, whose opening is a record.
    GH_ASSIGN(journal::Reader reader, journal::Reader::openVerified(runDirectory));
    GH_ASSIGN(const journal::RunState state, journal::foldRun(reader));
    if (state.phase == journal::RunPhase::Finished || state.phase == journal::RunPhase::Closed)
        return gatehouse::fail(ErrorCode::InvalidInput, state.run.text(), "The run is finished; there is nothing to resume");
    GH_ASSIGN(const RunRequest request, requestOf(state.opened, reader, project));
    GH_ASSIGN(std::unique_ptr<RunPlan> plan, makePlan(request));
    if (state.workflowDigest != plan->workflow.digest)
        return gatehouse::fail(ErrorCode::InvalidInput, plan->workflow.source.path, "The workflow was changed since the run began",
                               "Restore it, or start a new run");
    if (state.opened.value("projectDigest", "") != plan->project.source.sha256)
        return gatehouse::fail(ErrorCode::InvalidInput, plan->project.source.path, "The project's document was changed since the run began",
                               "Restore it, or start a new run");
    GH_ASSIGN(auto client, services.makeClient(*plan));
    GH_ASSIGN(auto recorder, Recorder::open(runDirectory, services.clock));
    if (recorder->progress().finished())
        return gatehouse::fail(ErrorCode::InvalidInput, recorder->run().text(), "The run is finished; there is nothing to resume");
    pinSources(plan->workflow.manifest, recorder->receipts());
    std::unique_ptr<Run> run(new Run(std::move(plan), std::move(recorder), services, approvals));
    run->m_client = std::move(client);
    run->m_resumed = true;
    GH_TRY(run->noteResumption());
    return run;
}

Run::Run(std::unique_ptr<RunPlan> plan, std::unique_ptr<Recorder> recorder, const RunServices& services, ApprovalMode approvals)
    : m_plan(std::move(plan)),
      m_recorder(std::move(recorder)),
      m_services(services),
      m_gate(std::make_unique<ApprovalGate>(*m_plan, *m_recorder)),
      m_jobs(std::make_unique<BackgroundJobs>(1)),
      m_inbox(*m_recorder)
{
    m_context.reset(new RunContext{*m_plan, *m_recorder, *m_gate, *m_jobs, nullptr, approvals, m_cancel.token()});
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
    connect(m_gate.get(), &ApprovalGate::recordFailed, this, &Run::fail);
    connect(m_gate.get(), &ApprovalGate::opened, this, &Run::approvalOpened);
    connect(m_gate.get(), &ApprovalGate::settled, this, &Run::taskSettled);
    connect(m_gate.get(), &ApprovalGate::settled, this, &Run::approvalSettled);
    connect(&m_runLimit, &QTimer::timeout, this, [this] {
        const std::string used = std::to_string(activeMilliseconds());
        fail({ErrorCode::Limit, m_plan->name, Message("The run reached its time limit after %1 ms", {used})});
    });
}

Result<void> Run::noteOpening()
{
    GH_ASSIGN(json task, m_recorder->payload(m_plan->task));
    json models = json::array();
    models.push_back({{"agent", m_plan->agent.name},
                      {"model", m_plan->model.name},
                      {"api", modelApiName(m_plan->model.api)},
                      {"providerModel", m_plan->model.model}});
    json opened = openingData(*m_plan);
    opened["task"] = std::move(task);
    opened["agents"] = std::move(models);
    std::vector<journal::Event> events;
    events.push_back(humanEvent(EventType::RunOpened, m_plan->requester, std::move(opened)));
    events.push_back(systemEvent(EventType::PolicyLoaded, {{"digest", m_plan->policies.digest()}, {"layers", m_plan->policies.layers()}}));
    return m_recorder->commit(std::move(events));
}

Result<void> Run::noteResumption()
{
    std::vector<journal::Event> events;
    events.push_back(humanEvent(EventType::RunResumed, m_plan->requester, {{"fromSeq", m_recorder->size()}}));
    if (m_recorder->policyDigest() != m_plan->policies.digest())
        events.push_back(
            systemEvent(EventType::PolicyLoaded, {{"digest", m_plan->policies.digest()}, {"layers", m_plan->policies.layers()}}));
    // What was claimed and not finished by a writer that is gone: nobody knows.
    for (const CallProgress& call : m_recorder->progress().openCalls()) {
        if (call.stage == CallStage::Started)
            events.push_back(systemEvent(EventType::EffectUnknown, {{"effect", call.effect}, {"why", "the run was interrupted"}}));
        else if (call.stage == CallStage::Finished)
            events.push_back(systemEvent(EventType::EffectUnknown, {{"effect", call.effect}, {"why", "its result was not recorded"}}));
    }
    m_activeBefore = m_recorder->activeMilliseconds();
    m_policyChanged = m_recorder->policyDigest() != m_plan->policies.digest();
    return m_recorder->commit(std::move(events));
}

void Run::start()
{
    m_active.start();
    if (!check(m_inbox.start()))
        return;
    m_gate->expireDue();
    // Other policies than those that allowed the task: they are asked again.
    if (m_recorder->progress().taskAllowed() && !m_policyChanged)
        return openWorkplace();
    decideTask();
}

// The task itself passes policy before any model or sandbox exists.

execution::PreparedCall Run::preparedTask() const
{
    execution::PreparedCall task;
    task.call.name = "task";
    execution::CommandEffect effect;
    effect.request.standardInput = m_plan->task;
    task.effect = std::move(effect);
    return task;
}

Result<approval::Action> Run::taskAction(const policy::Decision& decision, const ApprovalId& earlier) const
{
    std::string nonce;
    if (!earlier.empty()) {
        GH_ASSIGN(const approval::Action then, m_gate->requestedAction(earlier));
        nonce = then.nonce;
    }
    return m_gate->actionOf(preparedTask(), decision, {}, nonce);
}

void Run::decideTask()
{
    const policy::Decision decision = m_plan->policies.evaluate(policy::inputSnapshot(m_plan->subject(), m_plan->task));
    if (decision.effect == policy::Effect::Ask)
        return askForTask(decision);
    if (!check(m_recorder->commit({policyEvent(policy::toJson(decision))})))
        return;
    if (decision.effect == policy::Effect::Allow)
        return openWorkplace();
    const policy::Match* match = decision.decisive();
    finish(Outcome::Denied,
           Error{ErrorCode::Denied, match ? match->file + ':' + std::to_string(match->line) : m_plan->name,
                 Message("The task was denied by policy: %1", {decision.why.format()})});
}

void Run::askForTask(const policy::Decision& decision)
{
    const ApprovalId earlier = m_recorder->progress().taskApproval();
    const approval::RequestStatus* status = m_recorder->approvals().find(earlier);
    if (status && (status->open() || status->state == approval::RequestState::Resolved)) {
        if (status->decision == approval::VoteDecision::Deny)
            return finish(Outcome::Denied, Error{ErrorCode::Denied, m_plan->name, "The task was not approved"});
        const auto action = taskAction(decision, earlier);
        const auto binding = action ? approval::bindingDigest(*action) : std::unexpected(action.error());
        if (!binding)
            return fail(binding.error());
        if (status->open() && *binding == status->request.binding) {
            m_gate->announce(earlier);
            return awaitTask(earlier);
        }
        const auto holds = status->open() ? m_gate->invalidate(earlier, *action) : m_gate->stillHolds(earlier, *action);
        if (!holds)
            return fail(holds.error());
        if (*holds)
            return taskApproved(earlier, *binding);
    }
    const auto action = taskAction(decision, {});
    const auto id = action ? m_gate->request(*action, preparedTask(), decision, {}, makeSpan()) : std::unexpected(action.error());
    if (!id)
        return fail(id.error());
    awaitTask(*id);
}

void Run::awaitTask(const ApprovalId& id)
{
    m_awaitedTask = id;
    if (m_context->approvals == ApprovalMode::Pause)
        pause("waiting for an approval");
    else if (m_context->approvals == ApprovalMode::Deny)
        finish(Outcome::Denied, Error{ErrorCode::Denied, m_plan->name, "The task was not approved: approvals are set to deny"});
}

void Run::taskApproved(const ApprovalId& id, const std::string& binding)
{
    std::vector<journal::Event> events;
    events.push_back(systemEvent(EventType::ApprovalConsumed, {{"id", id.text()}, {"effect", "task"}, {"binding", binding}}));
    events.push_back(
        policyEvent({{"point", "input"}, {"effect", "allow"}, {"approval", id.text()}, {"policyDigest", m_plan->policies.digest()}}));
    if (check(m_recorder->commit(std::move(events))))
        openWorkplace();
}

void Run::taskSettled(const std::string& id)
{
    if (m_over || m_awaitedTask.empty() || id != m_awaitedTask.text())
        return;
    m_awaitedTask = {};
    decideTask();
}

// The sandbox, and in a resumed run the workspace as it was left.

void Run::openWorkplace()
{
    if (!m_recorder->progress().taskSaid()) {
        const auto task = m_recorder->payload(m_plan->task);
        if (!task)
            return fail(task.error());
        if (!check(m_recorder->note(humanEvent(EventType::UserMessage, m_plan->requester, {{"text", *task}, {"task", true}}))))
            return;
    }
    const std::string run = m_recorder->run().text();
    m_jobs->run(
        [this, run]() -> Result<std::unique_ptr<Workplace>> {
            GH_ASSIGN(auto place, Workplace::open(*m_plan, m_services.sandboxes, m_services.sandboxRoot, run, m_cancel.token()));
            GH_ASSIGN(journal::Reader reader, journal::Reader::open(m_recorder->directory()));
            GH_TRY(place->rebuild(m_recorder->progress().files(), blobSource(reader)));
            return place;
        },
        [this](Result<std::unique_ptr<Workplace>> place) { workplaceOpened(std::move(place)); });
}

void Run::workplaceOpened(Result<std::unique_ptr<Workplace>> place)
{
    if (m_over)
        return;
    if (!place)
        return fail(place.error());
    m_workplace = *std::move(place);
    m_sandboxOpened = true;
    m_context->workplace = m_workplace.get();
    json receipts = json::array();
    for (const manifest::Receipt& receipt : m_workplace->receipts())
        receipts.push_back(toJson(receipt));
    // A resumed run goes on in the workspace that it began in, or not at all.
    if (!m_recorder->receipts().is_null() && m_recorder->receipts() != receipts) {
        m_startError = Error{ErrorCode::InvalidInput, m_plan->workflow.source.path,
                             "The workspace's sources were changed since the run began", "Restore them, or start a new run"};
        return pause("the workspace's sources were changed");
    }
    auto sources = sourcesDigest(receipts);
    if (!sources)
        return fail(sources.error());
    m_gate->bindWorkplace(*std::move(sources), m_workplace->toolsDigest());
    const execution::IsolationReport& isolation = m_workplace->session().isolation();
    if (!check(m_recorder->note(systemEvent(EventType::SandboxCreated,
                                            {{"backend", isolation.backend},
                                             {"profile", m_plan->profile.name},
                                             {"profileDigest", m_plan->profile.digest()},
                                             {"layers", toJson(isolation)},
                                             {"limits", toJson(m_workplace->spec().limits)},
                                             {"network", "none"},
                                             {"toolsDigest", m_workplace->toolsDigest()},
                                             {"receipts", std::move(receipts)}}))))
        return;
    const std::int64_t most = m_plan->profile.limits.run.value_or(std::chrono::hours(1)).count();
    const std::int64_t own = m_plan->agent.limits.run.value_or(std::chrono::milliseconds(most)).count();
    const std::int64_t left = std::max<std::int64_t>(0, std::min(most, own) - activeMilliseconds());
    m_runLimit.start(static_cast<int>(std::min<std::int64_t>(left, std::numeric_limits<int>::max())));
    next();
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

// Votes and controls.

Result<void> Run::vote(const approval::Vote& vote)
{
    if (m_over)
        return gatehouse::fail(ErrorCode::InvalidInput, vote.id.text(), "The run is over");
    return m_gate->receive(vote);
}

void Run::presented(const std::string& approval, const std::string& channel, const std::string& digest)
{
    if (!m_over)
        (void)check(
            m_recorder->note(systemEvent(EventType::ApprovalPresented, {{"id", approval}, {"channel", channel}, {"digest", digest}})));
}

void Run::received(const std::string& name, const json& message)
{
    if (m_over)
        return;
    const std::string kind =
        message.is_object() && message.contains("kind") && message["kind"].is_string() ? message["kind"].get<std::string>() : "";
    const auto done = control(name, kind, message);
    if (!done && done.error().code == ErrorCode::Record)
        return fail(done.error());
    if (!done)
        (void)check(rejectMessage(*m_recorder, name, done.error().toString()));
}

Result<void> Run::control(const std::string& name, const std::string& kind, const json& message)
{
    if (kind == "vote") {
        json body = message;
        body.erase("kind");
        GH_ASSIGN(const approval::Vote vote, approval::voteFromJson(body));
        return m_gate->receive(vote, name);
    }
    const std::string from = message.value("from", json()).is_string() ? message["from"].get<std::string>() : "unknown";
    if (kind != "stop" && kind != "pause" && kind != "say")
        return gatehouse::fail(ErrorCode::InvalidInput, "inbox", Message("There is no control %1", {kind}));
    GH_TRY(m_recorder->commit({humanEvent(EventType::ControlReceived, from, {{"kind", kind}, {"from", from}})}));
    if (kind == "stop") {
        stop(from);
    } else if (kind == "pause") {
        pauseSoon();
    } else {
        GH_ASSIGN(const json text,
                  m_recorder->payload(message.value("text", json()).is_string() ? message["text"].get<std::string>() : ""));
        GH_TRY(m_recorder->note(humanEvent(EventType::UserMessage, from, {{"text", text}})));
    }
    return {};
}

void Run::requestPause(const std::string& by)
{
    if (!m_over && check(m_recorder->commit({humanEvent(EventType::ControlReceived, by, {{"kind", "pause"}, {"from", by}})})))
        pauseSoon();
}

void Run::pauseSoon()
{
    m_pauseWanted = true;
    // While a person is waited for, there is no next step that would come by itself.
    if (!m_recorder->approvals().open().empty())
        pause("asked to pause");
}

void Run::stop(const std::string& by)
{
    if (m_stopped || m_over)
        return;
    m_stopped = true;
    m_cancel.cancel();
    fail({ErrorCode::Cancelled, m_plan->name, Message("The run was stopped by %1", {by})});
}

// Ends.

void Run::pause(const std::string& why)
{
    if (m_over)
        return;
    if (check(m_recorder->commit({systemEvent(EventType::RunPaused, {{"why", why}, {"activeMs", activeMilliseconds()}})})))
        close(report(Outcome::Waiting, m_startError));
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
    const Progress& progress = m_recorder->progress();
    // A script that has no answer to a denial is not a broken model: the denial is what ended the run.
    if (outcome == Outcome::ModelFailed && progress.deniedLast() && m_plan->model.api == workflow::ModelApi::Scripted)
        outcome = Outcome::Denied;
    std::vector<journal::Event> events = closingEvents(outcome, error);
    const auto written = m_recorder->commit(std::move(events));
    RunReport last = report(outcome, std::move(error));
    if (!written) {
        last.outcome = Outcome::RecordFailed;
        last.error = written.error();
    }
    close(std::move(last));
}

std::vector<journal::Event> Run::closingEvents(Outcome outcome, const std::optional<Error>& error)
{
    const Progress& progress = m_recorder->progress();
    std::vector<journal::Event> events;
    for (const CallProgress& call : progress.openCalls()) {
        if (call.stage == CallStage::Started)
            events.push_back(
                systemEvent(EventType::EffectUnknown, {{"effect", call.effect}, {"why", "the run ended while it was executed"}}));
    }
    for (const approval::RequestStatus* status : m_recorder->approvals().open())
        events.push_back(systemEvent(EventType::ApprovalWithdrawn, {{"id", status->request.id.text()}, {"cause", "the run ended"}}));
    if (outcome == Outcome::Limit)
        events.push_back(systemEvent(EventType::LimitBreached, {{"limit", "run"}, {"why", error ? error->toString() : ""}}));
    if (m_sandboxOpened)
        events.push_back(systemEvent(EventType::SandboxDestroyed, json::object()));
    json data = {{"outcome", outcomeName(outcome)},
                 {"turns", progress.turns()},
                 {"toolCalls", progress.toolCalls()},
                 {"denied", progress.denied()},
                 {"usage", {{"input", progress.inputTokens()}, {"output", progress.outputTokens()}}},
                 {"activeMs", activeMilliseconds()}};
    const auto all = m_recorder->approvals().all();
    if (std::ranges::any_of(all, [](const auto* status) { return status->decision == approval::VoteDecision::Approve; }))
        data["confirmedBy"] = "one person";
    if (error)
        data["error"] = error->toString();
    if (outcome == Outcome::Completed) {
        if (const auto answer = m_recorder->payload(progress.answer()))
            data["final"] = *answer;
    }
    events.push_back(systemEvent(EventType::RunFinished, std::move(data)));
    return events;
}

void Run::endWork()
{
    m_over = true;
    m_runLimit.stop();
    m_inbox.stop();
    m_cancel.cancel();
    m_jobs.reset();
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

RunReport Run::report(Outcome outcome, std::optional<Error> error) const
{
    const Progress& progress = m_recorder->progress();
    RunReport out{m_recorder->run(),
                  m_recorder->directory(),
                  outcome,
                  std::move(error),
                  progress.answer(),
                  progress.turns(),
                  progress.toolCalls(),
                  progress.denied(),
                  progress.inputTokens(),
                  progress.outputTokens(),
                  {},
                  {}};
    for (const auto& [path, entry] : progress.files().entries()) {
        if (!entry.base.sameAs(entry.now) && entry.now.kind != execution::FileKind::Directory)
            out.files.push_back(path);
    }
    const auto open = m_recorder->approvals().open();
    if (!open.empty())
        out.waitingFor = open.front()->request.id.text();
    return out;
}

bool Run::check(const Result<void>& result)
{
    if (!result)
        fail(result.error());
    return result.has_value();
}

std::int64_t Run::activeMilliseconds() const
{
    return m_activeBefore + (m_active.isValid() ? m_active.elapsed() : 0);
}

} // namespace gatehouse::engine
