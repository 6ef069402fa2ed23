#include "core/engine/approvalgate.h"

#include "core/base/canonicaljson.h"
#include "core/engine/events.h"
#include "core/foundation/sha256.h"

#include <nlohmann/json.hpp>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

namespace {

Result<approval::Action> actionOfRequest(Recorder& recorder, const ApprovalId& id)
{
    // The request's record holds the action; the fold does not keep it.
    const approval::RequestStatus* status = recorder.approvals().find(id);
    if (!status)
        return fail(ErrorCode::NotFound, id.text(), "There is no such approval in this run");
    GH_ASSIGN(const journal::Record record, recorder.record(status->seq));
    if (!record.data.contains("action"))
        return fail(ErrorCode::Corrupt, id.text(), "The request's record is not where it was");
    GH_ASSIGN(const std::string text, recorder.bytes(record.data["action"]));
    GH_ASSIGN(const json value, parseCanonical(text));
    return approval::actionFromJson(value);
}

std::string describeProfile(const workflow::Profile& profile)
{
    std::string out = profile.name;
    if (profile.workspace)
        out += ", workspace " + std::string(workspaceModeName(*profile.workspace));
    return out;
}

} // namespace

ApprovalGate::ApprovalGate(const RunPlan& plan, Recorder& recorder, QObject* parent) : QObject(parent), m_plan(plan), m_recorder(recorder)
{
    m_expiry.setSingleShot(true);
    connect(&m_expiry, &QTimer::timeout, this, &ApprovalGate::expireDue);
    watchExpiry();
}

void ApprovalGate::bindWorkplace(std::string sources, std::string tools)
{
    m_sourcesDigest = std::move(sources);
    m_toolsDigest = std::move(tools);
}

Result<approval::Action> ApprovalGate::actionOf(const execution::PreparedCall& prepared, const policy::Decision& decision,
                                                const std::string& schemaDigest, const std::string& nonce) const
{
    approval::ActionContext context;
    context.run = m_recorder.run().text();
    context.executionClass = workflow::className(m_plan.executionClass);
    context.agent = m_plan.agent.name;
    context.subject = m_plan.requester;
    context.toolSchemaDigest = schemaDigest;
    context.profileDigest = m_plan.profile.digest();
    context.policyDigest = m_plan.policies.digest();
    context.templateDigest = m_plan.workflow.digest;
    GH_ASSIGN(const std::string obligations, canonicalJson(policy::toJson(decision.obligations)));
    context.quorumDigest = sha256Hex(obligations);
    context.nonce = nonce.empty() ? randomHex(16) : nonce;
    if (!m_toolsDigest.empty())
        context.imageDigest = m_toolsDigest;
    GH_ASSIGN(approval::Action action, approval::makeAction(context, prepared));
    if (!m_sourcesDigest.empty())
        action.baseTree = m_sourcesDigest;
    return action;
}

Result<ApprovalId> ApprovalGate::request(const approval::Action& action, const execution::PreparedCall& prepared,
                                         const policy::Decision& decision, const std::string& call, const SpanId& span)
{
    approval::Request request;
    GH_ASSIGN(request.binding, approval::bindingDigest(action));
    request.id = approval::makeApprovalId(request.binding);
    request.run = m_recorder.run();
    request.executionClass = action.executionClass;
    request.tool = prepared.call.name;
    request.requester = m_plan.requester;
    request.rule = decision.decisive() ? decision.decisive()->rule : std::string();
    request.obligations = decision.obligations;
    request.requestedAt = m_recorder.now();

    approval::PresentationContext context;
    context.sandbox = describeProfile(m_plan.profile);
    context.network = "none";
    context.reversible = "the workspace is a copy; nothing outside it changes";
    context.agents = {m_plan.agent.name};
    context.runName = m_plan.name;
    GH_ASSIGN(const approval::Presentation shown, approval::present(action, prepared, decision, request, context));
    GH_ASSIGN(const std::string actionText, approval::canonicalAction(action));
    GH_ASSIGN(const std::string shownText, canonicalJson(approval::toJson(shown)));
    GH_ASSIGN(json actionPayload, m_recorder.blob(actionText));
    GH_ASSIGN(json shownPayload, m_recorder.blob(shownText));

    json decided = policy::toJson(decision);
    decided["call"] = call;
    decided["binding"] = request.binding;
    json requested = approval::requestedData(request, std::move(actionPayload), std::move(shownPayload));
    requested["call"] = call;
    std::vector<journal::Event> events;
    events.push_back(policyEvent(std::move(decided), span));
    events.push_back(agentEvent(EventType::ApprovalRequested, m_plan.agent.name, std::move(requested), span));
    GH_TRY(m_recorder.commit(std::move(events)));
    GH_TRY(m_recorder.seal());
    watchExpiry();
    Q_EMIT opened(request.id.text());
    return request.id;
}

Result<void> voteOn(Recorder& recorder, const approval::Vote& vote, const std::string& message)
{
    if (recorder.progress().finished())
        return fail(ErrorCode::InvalidInput, vote.id.text(), "The run is finished; there is nothing to decide any more");
    const approval::RequestStatus* status = recorder.approvals().find(vote.id);
    if (!status)
        return fail(ErrorCode::NotFound, vote.id.text(), "There is no such approval in this run");
    approval::JudgeContext context;
    context.now = recorder.now();
    context.binding = status->request.binding;
    GH_ASSIGN(const approval::Verdict verdict, approval::judge(vote, *status, context));
    json data = approval::voteData(vote, verdict);
    if (!message.empty())
        data["inbox"] = message;
    std::vector<journal::Event> events;
    events.push_back(humanEvent(EventType::ApprovalVote, vote.principal, std::move(data)));
    if (verdict.resolves)
        events.push_back(humanEvent(EventType::ApprovalResolved, vote.principal, approval::resolvedData(vote.id, verdict)));
    GH_TRY(recorder.commit(std::move(events)));
    return recorder.seal();
}

Result<void> ApprovalGate::receive(const approval::Vote& vote, const std::string& message)
{
    expireDue();
    GH_TRY(voteOn(m_recorder, vote, message));
    const approval::RequestStatus* status = m_recorder.approvals().find(vote.id);
    if (status && !status->open())
        Q_EMIT settled(vote.id.text());
    return {};
}

Result<approval::Action> ApprovalGate::requestedAction(const ApprovalId& id) const
{
    return actionOfRequest(m_recorder, id);
}

bool ApprovalGate::mayClaim(const ApprovalId& id, const std::string& binding) const
{
    const approval::RequestStatus* status = m_recorder.approvals().find(id);
    return status && status->request.binding == binding && status->claimable(m_recorder.now());
}

Result<bool> ApprovalGate::stillHolds(const ApprovalId& id, const approval::Action& now)
{
    const approval::RequestStatus* status = m_recorder.approvals().find(id);
    if (!status || status->decision != approval::VoteDecision::Approve)
        return false;
    GH_ASSIGN(const std::string binding, approval::bindingDigest(now));
    if (binding != status->request.binding)
        return invalidate(id, now);
    if (!status->claimable(m_recorder.now())) {
        GH_TRY(expire(*status));
        return false;
    }
    return true;
}

Result<bool> ApprovalGate::invalidate(const ApprovalId& id, const approval::Action& now)
{
    GH_ASSIGN(const approval::Action then, actionOfRequest(m_recorder, id));
    const std::string field = changedField(then, now).value_or("binding");
    GH_TRY(m_recorder.commit({systemEvent(EventType::ApprovalInvalidated, {{"id", id.text()}, {"cause", field}})}));
    return false;
}

Result<void> ApprovalGate::expire(const approval::RequestStatus& status)
{
    const std::string id = status.request.id.text();
    GH_TRY(m_recorder.commit({systemEvent(EventType::ApprovalExpired, {{"id", id}, {"cause", "its time is over"}})}));
    return m_recorder.seal();
}

void ApprovalGate::expireDue()
{
    std::vector<std::string> due;
    for (const approval::RequestStatus* status : m_recorder.approvals().open()) {
        if (status->request.expired(m_recorder.now()))
            due.push_back(status->request.id.text());
    }
    for (const std::string& id : due) {
        if (const auto done = expire(*m_recorder.approvals().find(ApprovalId(id))); !done)
            Q_EMIT recordFailed(done.error());
        else
            Q_EMIT settled(id);
    }
    watchExpiry();
}

void ApprovalGate::watchExpiry()
{
    // A timer may come early or be slow: what counts is Request::expired, asked again at each vote and claim.
    static constexpr std::int64_t longest = 24 * 60 * 60 * 1000;
    std::optional<std::int64_t> next;
    for (const approval::RequestStatus* status : m_recorder.approvals().open()) {
        if (const auto at = status->request.expiresAt())
            next = std::min(next.value_or(*at), *at);
    }
    if (!next)
        return;
    const std::int64_t wait = *next - m_recorder.now().wallMilliseconds;
    m_expiry.start(static_cast<int>(std::clamp<std::int64_t>(wait, 50, longest)));
}

} // namespace gatehouse::engine
