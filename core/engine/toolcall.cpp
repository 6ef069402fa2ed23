#include "core/engine/toolcall.h"

#include "core/engine/events.h"
#include "core/engine/runpaths.h"
#include "core/foundation/sha256.h"
#include "core/policy/snapshot.h"

#include <nlohmann/json.hpp>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

static constexpr const char* unknownEffect = "Nobody knows whether this call was executed before the run was interrupted";

ToolCallRun::ToolCallRun(RunContext& context, std::string call, QObject* parent)
    : QObject(parent), m_context(context), m_call(std::move(call)), m_span(makeSpan()), m_records(context, m_call, m_span)
{
    connect(&m_context.gate, &ApprovalGate::settled, this, &ToolCallRun::settled);
    connect(&m_observer, &CallObserver::chunkReady, this, [this](execution::Stream stream, const std::string& bytes) {
        // A chunk that can't be recorded is found again at the call's end, where it ends the run.
        (void)m_records.noteOutput(stream, bytes);
    });
}

ToolCallRun::~ToolCallRun() = default;

// 1. The model asks: the tool prepares the exact bytes that would be executed.

void ToolCallRun::start()
{
    const CallProgress* call = progress();
    if (!call)
        return Q_EMIT failed({ErrorCode::Internal, m_call, "The call is not open"});
    if (!call->requested) {
        auto arguments = m_context.recorder.payload(call->call.arguments);
        if (!arguments)
            return Q_EMIT failed(arguments.error());
        if (!check(m_context.recorder.note(m_records.event(
                EventType::ToolRequested, {{"call", m_call}, {"tool", call->call.name}, {"arguments", *std::move(arguments)}}))))
            return;
    }
    prepare();
}

void ToolCallRun::prepare()
{
    const CallProgress* call = progress();
    const auto tool = m_context.plan.tools->find(call->call.name);
    if (!tool)
        return refuse(tool.error());
    m_tool = *tool;
    const execution::ToolCall request{call->call.id, call->call.name, call->call.arguments};
    m_context.jobs.run([this, request] { return m_tool->prepare(request, m_context.workplace->session().workspace()); },
                       [this](Result<execution::PreparedCall> result) { prepared(std::move(result)); });
}

void ToolCallRun::prepared(Result<execution::PreparedCall> result)
{
    if (!result && result.error().code == ErrorCode::Worker)
        return Q_EMIT failed(result.error());
    if (!result)
        return refuse(result.error());
    m_prepared = *std::move(result);
    decide();
}

// 2. Policy decides on the action.

void ToolCallRun::decide()
{
    policy::ToolFacts facts;
    facts.tool = m_prepared->call.name;
    facts.arguments = m_prepared->call.arguments;
    facts.argv = m_prepared->argv;
    if (std::holds_alternative<execution::CommitEffect>(m_prepared->effect))
        facts.effects = m_prepared->paths;
    const auto snapshot = policy::toolSnapshot(m_context.plan.subject(), facts);
    if (!snapshot)
        return refuse(snapshot.error());
    decided(m_context.plan.policies.evaluate(*snapshot));
}

void ToolCallRun::decided(policy::Decision decision)
{
    if (decision.effect == policy::Effect::Deny) {
        json data = policy::toJson(decision);
        data["call"] = m_call;
        std::vector<journal::Event> events;
        events.push_back(policyEvent(std::move(data), m_span));
        withdrawRequest(events, "policy denies it now");
        if (check(m_context.recorder.commit(std::move(events))))
            answer(denialText(decision), true);
        return;
    }
    m_decision = decision = askingWherePeopleMust(std::move(decision));
    const auto action = actionNow(decision);
    if (!action)
        return refuse(action.error());
    // A request that this call already has comes first, also where policy now allows: a person's no stays a no.
    if (followRequest(decision, *action))
        return;
    if (decision.effect == policy::Effect::Allow)
        return claim(decision, *action);
    ask(decision);
}

// A claim of a writer that died may have happened, and a person who was asked is not answered for by milder policies.
policy::Decision ToolCallRun::askingWherePeopleMust(policy::Decision decision) const
{
    const CallProgress& call = *progress();
    if (decision.effect != policy::Effect::Allow || (!call.mustAsk && !call.asked))
        return decision;
    decision.effect = policy::Effect::Ask;
    decision.why =
        call.mustAsk ? Message(unknownEffect) : Message("A person was asked about this call, and only a person's yes lets it go");
    decision.obligations = {};
    return decision;
}

Result<approval::Action> ToolCallRun::actionNow(const policy::Decision& decision) const
{
    std::string nonce;
    const ApprovalId id = progress()->approval;
    if (!id.empty()) {
        // The same call is the same action only with the nonce under which it was asked for.
        GH_ASSIGN(const approval::Action then, m_context.gate.requestedAction(id));
        nonce = then.nonce;
    }
    return m_context.gate.actionOf(*m_prepared, decision, sha256Hex(m_tool->schema().parametersJson), nonce);
}

// 3. On ask, a person decides on the bytes; the run waits without holding a thread.

void ToolCallRun::ask(const policy::Decision& decision)
{
    // A new request is a new action: the nonce of an earlier one is spent.
    const auto anew = m_context.gate.actionOf(*m_prepared, decision, sha256Hex(m_tool->schema().parametersJson), {});
    if (!anew)
        return refuse(anew.error());
    execution::PreparedCall shown = *m_prepared;
    // Where policy asks of its own, the card has no other place that says it.
    if (progress()->mustAsk && decision.why.format() != unknownEffect)
        shown.warnings.emplace_back(unknownEffect);
    const auto id = m_context.gate.request(*anew, shown, decision, m_call, m_span);
    if (!id)
        return Q_EMIT failed(id.error());
    await(*id);
}

bool ToolCallRun::followRequest(const policy::Decision& decision, const approval::Action& action)
{
    const approval::RequestStatus* status = m_context.recorder.approvals().find(progress()->approval);
    if (!status || status->state == approval::RequestState::Consumed)
        return false;
    const ApprovalId id = status->request.id;
    if (status->decision == approval::VoteDecision::Deny) {
        answer(personsDenialText(*status), true);
        return true;
    }
    const auto binding = approval::bindingDigest(action);
    if (!binding) {
        refuse(binding.error());
        return true;
    }
    if (status->open() && *binding == status->request.binding) {
        m_context.gate.announce(id);
        await(id);
        return true;
    }
    // Decided, or asked for something that is not what would run now.
    const auto holds = status->open() ? m_context.gate.invalidate(id, action) : m_context.gate.stillHolds(id, action);
    if (!holds) {
        Q_EMIT failed(holds.error());
        return true;
    }
    if (*holds)
        claim(decision, action);
    return *holds;
}

void ToolCallRun::await(const ApprovalId& id)
{
    m_awaited = id;
    if (m_context.approvals == ApprovalMode::Pause)
        return Q_EMIT suspended();
    if (m_context.approvals == ApprovalMode::Deny) {
        const std::string binding = m_context.recorder.approvals().find(id)->request.binding;
        (void)check(m_context.gate.receive(
            {id, m_context.plan.requester, approval::VoteDecision::Deny, "approvals are set to deny", "command-line", binding}));
    }
}

void ToolCallRun::settled(const std::string& id)
{
    if (m_awaited.empty() || id != m_awaited.text())
        return;
    m_awaited = {};
    const approval::RequestStatus* status = m_context.recorder.approvals().find(ApprovalId(id));
    if (status->state == approval::RequestState::Expired)
        return answer("Tool execution was not approved: nobody decided in time.", true);
    const auto action = actionNow(m_decision);
    if (!action)
        return refuse(action.error());
    if (!followRequest(m_decision, *action))
        ask(m_decision);
}

// 4. Decision and claim are one write and one sync, before anything starts.

void ToolCallRun::claim(const policy::Decision& decision, const approval::Action& action)
{
    const auto binding = approval::bindingDigest(action);
    if (!binding)
        return refuse(binding.error());
    const std::string effect = "ef-" + randomHex(6);
    const ApprovalId approval = progress()->stage == CallStage::Approved ? progress()->approval : ApprovalId();
    if (!approval.empty()) {
        // The last look before the claim: these bytes, this request, still in time.
        if (!m_context.gate.mayClaim(approval, *binding))
            return Q_EMIT failed({ErrorCode::Internal, m_call, "An approval does not fit what would be executed"});
    }
    std::vector<journal::Event> events;
    if (approval.empty()) {
        json decided = policy::toJson(decision);
        decided["call"] = m_call;
        decided["binding"] = *binding;
        events.push_back(policyEvent(std::move(decided), m_span));
    } else {
        events.push_back(
            systemEvent(EventType::ApprovalConsumed, {{"id", approval.text()}, {"effect", effect}, {"binding", *binding}}, m_span));
    }
    events.push_back(m_records.event(
        EventType::EffectStarted,
        {{"effect", effect}, {"call", m_call}, {"binding", *binding}, {"payloadDigest", action.payloadDigest.value_or("")}}));
    if (check(m_context.recorder.commit(std::move(events))))
        perform(effect);
}

// 5. The sandbox executes what was prepared. 6. The host reads what changed.

void ToolCallRun::perform(const std::string& effect)
{
    m_observer.begin();
    auto work = [this]() -> Result<Performed> {
        Performed performed;
        execution::SandboxSession& session = m_context.workplace->session();
        GH_ASSIGN(performed.outcome, m_tool->perform(*m_prepared, session, &m_observer, m_context.cancel));
        GH_ASSIGN(performed.edits,
                  workspace::collectEdits(performed.outcome.changes, session.workspace(), m_context.recorder.progress().files(),
                                          m_context.stored.source()));
        return performed;
    };
    m_context.jobs.run(std::move(work), [this, effect](Result<Performed> result) { performed(effect, std::move(result)); });
}

// What became of the call can't be told, and what the sandbox holds is no input of the user's.
static Error sandboxFailure(Error error)
{
    if (error.code == ErrorCode::InvalidInput)
        error.code = ErrorCode::Worker;
    return error;
}

void ToolCallRun::performed(const std::string& effect, Result<Performed> result)
{
    if (result)
        return record(effect, *std::move(result));
    (void)m_observer.end();
    const std::string why = errorText(result.error());
    if (check(m_context.recorder.commit({m_records.event(EventType::EffectUnknown, {{"effect", effect}, {"why", why}})})))
        Q_EMIT failed(sandboxFailure(result.error()));
}

// 7. The result is journaled and handed to the model.

void ToolCallRun::record(const std::string& effect, Performed performed)
{
    if (!check(m_records.noteOutcome(effect, performed.outcome, m_observer.end())))
        return;
    if (!check(m_records.noteChanges(std::move(performed.edits), performed.outcome.changes.quiescent)))
        return;
    answer(performed.outcome.text, performed.outcome.error);
}

void ToolCallRun::refuse(const Error& error)
{
    const std::string why = errorText(error);
    std::vector<journal::Event> events;
    events.push_back(m_records.event(EventType::ToolRefused, {{"call", m_call}, {"reason", why}}));
    withdrawRequest(events, "the call was refused");
    if (check(m_context.recorder.commit(std::move(events))))
        answer("The call was refused: " + why, true);
}

// Nobody is asked any more about a call that has its answer.
void ToolCallRun::withdrawRequest(std::vector<journal::Event>& events, const char* cause) const
{
    const CallProgress* call = progress();
    const approval::RequestStatus* status = call ? m_context.recorder.approvals().find(call->approval) : nullptr;
    if (status && status->open())
        events.push_back(systemEvent(EventType::ApprovalWithdrawn, {{"id", status->request.id.text()}, {"cause", cause}}));
}

void ToolCallRun::answer(const std::string& text, bool isError)
{
    auto payload = m_context.recorder.payload(text);
    if (!payload)
        return Q_EMIT failed(payload.error());
    if (check(m_context.recorder.note(
            m_records.event(EventType::ToolResult, {{"call", m_call}, {"text", *std::move(payload)}, {"error", isError}}))))
        Q_EMIT answered();
}

bool ToolCallRun::check(const Result<void>& result)
{
    if (!result)
        Q_EMIT failed(recordFailure(result.error()));
    return result.has_value();
}

} // namespace gatehouse::engine
