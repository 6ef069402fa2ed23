#include "core/journal/runstate.h"

#include "core/journal/reader.h"

#include <algorithm>

namespace gatehouse::journal {

using nlohmann::json;

namespace {

// Never throws: a member of another type counts as absent.
std::string text(const json& data, const char* key)
{
    const auto found = data.find(key);
    return found != data.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t count(const json& data, const char* key)
{
    const auto found = data.find(key);
    return found != data.end() && found->is_number_integer() && *found >= 0 ? found->get<std::uint64_t>() : 0;
}

const json& object(const json& data, const char* key)
{
    static const json none = json::object();
    const auto found = data.find(key);
    return found != data.end() && found->is_object() ? *found : none;
}

void applyOpened(RunState& state, const Record& record)
{
    state.run = record.run;
    state.cls = record.cls;
    state.openedAt = record.wall;
    state.opened = record.data;
    state.name = text(record.data, "name");
    state.workflow = text(record.data, "workflow");
    state.workflowDigest = text(record.data, "workflowDigest");
    state.requester = text(record.data, "requester");
}

void applyFinished(RunState& state, const json& data)
{
    state.phase = RunPhase::Finished;
    state.outcome = text(data, "outcome");
    if (data.contains("final") && !data["final"].is_null())
        state.final = data["final"];
}

void applyApproval(RunState& state, const Record& record)
{
    const std::string id = text(record.data, "id");
    if (record.type == EventType::ApprovalRequested) {
        state.approvals[id] = {id, "requested", record.data, {}, {}, record.seq, record.span};
        return;
    }
    const auto open = state.approvals.find(id);
    if (open == state.approvals.end())
        return;
    OpenApproval& approval = open->second;
    switch (record.type) {
    case EventType::ApprovalDelivered:
        approval.state = "delivered";
        return;
    case EventType::ApprovalPresented:
        approval.state = "presented";
        return;
    case EventType::ApprovalVote:
        approval.votes.push_back(record.data);
        return;
    case EventType::ApprovalResolved:
        approval.state = "resolved";
        approval.decision = text(record.data, "decision");
        // An allow waits for its one use; a deny is over.
        if (*approval.decision == "deny")
            state.approvals.erase(open);
        return;
    default:
        state.approvals.erase(open);
    }
}

void applyEffect(RunState& state, const Record& record)
{
    const std::string effect = text(record.data, "effect");
    if (record.type == EventType::EffectStarted)
        state.effects[effect] = {effect, text(record.data, "call"), record.data, record.seq, record.span};
    else if (record.type != EventType::EffectUnknown)
        state.effects.erase(effect);
    else if (const auto open = state.effects.find(effect); open != state.effects.end())
        open->second.unknown = true;
}

} // namespace

void RunState::apply(const Record& record)
{
    updatedAt = record.wall;
    records = record.seq + 1;
    switch (record.type) {
    case EventType::RunOpened:
        return applyOpened(*this, record);
    case EventType::RunPaused:
        phase = RunPhase::Paused;
        outcome = text(record.data, "why");
        return;
    case EventType::RunResumed:
        phase = RunPhase::Opened;
        outcome.clear();
        return;
    case EventType::RunFinished:
        return applyFinished(*this, record.data);
    case EventType::RunClosed:
        phase = RunPhase::Closed;
        return;
    case EventType::RunAbandoned:
        phase = RunPhase::Abandoned;
        return;
    case EventType::WriterOpened:
        ++epochs;
        return;
    case EventType::ModelRequest:
        // One that is asked again after a crash is the same turn.
        turns = std::max(turns, count(record.data, "turn"));
        return;
    case EventType::ModelResponse:
        inputTokens += count(object(record.data, "usage"), "input");
        outputTokens += count(object(record.data, "usage"), "output");
        return;
    case EventType::ToolRequested:
        ++toolCalls;
        return;
    case EventType::PolicyDecided:
        denied += text(record.data, "effect") == "deny" ? 1 : 0;
        return;
    case EventType::ApprovalRequested:
    case EventType::ApprovalDelivered:
    case EventType::ApprovalPresented:
    case EventType::ApprovalVote:
    case EventType::ApprovalResolved:
    case EventType::ApprovalConsumed:
    case EventType::ApprovalExpired:
    case EventType::ApprovalWithdrawn:
    case EventType::ApprovalInvalidated:
        return applyApproval(*this, record);
    case EventType::EffectStarted:
    case EventType::EffectFinished:
    case EventType::EffectUnknown:
    case EventType::EffectReconciled:
        return applyEffect(*this, record);
    default:
        return;
    }
}

Result<RunState> foldRun(Reader& reader)
{
    RunState state;
    for (;;) {
        GH_ASSIGN(const auto records, reader.readFrom(state.records, 1000));
        if (records.empty())
            return state;
        for (const Record& record : records)
            state.apply(record);
    }
}

} // namespace gatehouse::journal
