#include "core/engine/taskdecision.h"

#include "core/engine/events.h"
#include "core/policy/snapshot.h"

#include <nlohmann/json.hpp>

namespace gatehouse::engine {

using approval::RequestState;
using journal::EventType;

TaskDecision::TaskDecision(RunContext& context, QObject* parent) : QObject(parent), m_context(context)
{
    connect(&m_context.gate, &ApprovalGate::settled, this, &TaskDecision::settled);
}

bool TaskDecision::isMade(const RunPlan& plan, const Progress& progress)
{
    return progress.taskAllowed() && progress.taskPolicy() == plan.policies.digest();
}

void TaskDecision::decide()
{
    policy::Decision decision = m_context.plan.policies.evaluate(policy::inputSnapshot(m_context.plan.subject(), m_context.plan.task));
    const approval::RequestStatus* status = earlier();
    if (decision.effect == policy::Effect::Allow && status && status->state != RequestState::Consumed) {
        decision.effect = policy::Effect::Ask;
        decision.why = Message("A person was asked about this task, and only a person's yes lets it go");
    }
    if (decision.effect == policy::Effect::Ask)
        return ask(decision);
    if (const auto noted = m_context.recorder.commit({policyEvent(policy::toJson(decision))}); !noted)
        return Q_EMIT failed(noted.error());
    if (decision.effect == policy::Effect::Allow)
        return Q_EMIT allowed();
    const policy::Match* match = decision.decisive();
    Q_EMIT denied({ErrorCode::Denied, match ? match->file + ':' + std::to_string(match->line) : m_context.plan.name,
                   Message("The task was denied by policy: %1", {decision.why.format()})});
}

void TaskDecision::ask(const policy::Decision& decision)
{
    if (followRequest(decision))
        return;
    const auto action = m_context.gate.actionOf(prepared(), decision, {}, {});
    const auto id = action ? m_context.gate.request(*action, prepared(), decision, {}, makeSpan()) : std::unexpected(action.error());
    if (!id)
        return Q_EMIT failed(id.error());
    await(*id);
}

bool TaskDecision::followRequest(const policy::Decision& decision)
{
    const approval::RequestStatus* status = earlier();
    if (!status || (!status->open() && status->state != RequestState::Resolved))
        return false;
    const ApprovalId id = status->request.id;
    if (status->decision == approval::VoteDecision::Deny) {
        Q_EMIT denied(denial("The task was not approved"));
        return true;
    }
    const auto action = actionOf(decision, *status);
    const auto binding = action ? approval::bindingDigest(*action) : std::unexpected(action.error());
    if (!binding) {
        Q_EMIT failed(binding.error());
        return true;
    }
    if (status->open() && *binding == status->request.binding) {
        m_context.gate.announce(id);
        await(id);
        return true;
    }
    // Decided, or asked for something that is not what would run now.
    const auto holds = status->open() ? m_context.gate.invalidate(id, *action) : m_context.gate.stillHolds(id, *action);
    if (!holds) {
        Q_EMIT failed(holds.error());
        return true;
    }
    if (*holds)
        claim(id, *binding);
    return *holds;
}

void TaskDecision::await(const ApprovalId& id)
{
    m_awaited = id;
    if (m_context.approvals == ApprovalMode::Pause)
        return Q_EMIT suspended();
    if (m_context.approvals != ApprovalMode::Deny)
        return;
    const std::string binding = m_context.recorder.approvals().find(id)->request.binding;
    const auto counted = m_context.gate.receive(
        {id, m_context.plan.requester, approval::VoteDecision::Deny, "approvals are set to deny", "command-line", binding});
    if (!counted)
        Q_EMIT failed(counted.error());
}

void TaskDecision::settled(const std::string& id)
{
    if (m_awaited.empty() || id != m_awaited.text())
        return;
    m_awaited = {};
    decide();
}

void TaskDecision::claim(const ApprovalId& id, const std::string& binding)
{
    if (!m_context.gate.mayClaim(id, binding))
        return Q_EMIT failed({ErrorCode::Internal, m_context.plan.name, "An approval does not fit what would be executed", {}});
    std::vector<journal::Event> events;
    events.push_back(systemEvent(EventType::ApprovalConsumed, {{"id", id.text()}, {"effect", "task"}, {"binding", binding}}));
    events.push_back(policyEvent(
        {{"point", "input"}, {"effect", "allow"}, {"approval", id.text()}, {"policyDigest", m_context.plan.policies.digest()}}));
    if (const auto noted = m_context.recorder.commit(std::move(events)); !noted)
        return Q_EMIT failed(noted.error());
    Q_EMIT allowed();
}

const approval::RequestStatus* TaskDecision::earlier() const
{
    return m_context.recorder.approvals().find(m_context.recorder.progress().taskApproval());
}

execution::PreparedCall TaskDecision::prepared() const
{
    execution::PreparedCall task;
    task.call.name = "task";
    execution::CommandEffect effect;
    effect.request.standardInput = m_context.plan.task;
    task.effect = std::move(effect);
    return task;
}

Result<approval::Action> TaskDecision::actionOf(const policy::Decision& decision, const approval::RequestStatus& status) const
{
    // The same task is the same action only with the nonce under which it was asked for.
    GH_ASSIGN(const approval::Action then, m_context.gate.requestedAction(status.request.id));
    return m_context.gate.actionOf(prepared(), decision, {}, then.nonce);
}

Error TaskDecision::denial(Message why) const
{
    return {ErrorCode::Denied, m_context.plan.name, std::move(why), {}};
}

} // namespace gatehouse::engine
