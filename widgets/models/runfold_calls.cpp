// RunFold: what records say about tool calls: request, decision, approval, effect, change, result.
#include "widgets/models/recordfields.h"
#include "widgets/models/runfold.h"

namespace gatehouse::widgets {

using journal::EventType;
using nlohmann::json;
using namespace fields;

// What a call is about, from its arguments: the command, the paths, or the arguments themselves.
static std::string callSummary(const std::string& tool, const std::string& arguments)
{
    const json parsed = json::parse(arguments, nullptr, false);
    if (parsed.is_object() && tool == "exec_command")
        return firstLine(text(parsed, "cmd"));
    if (parsed.is_object() && tool == "apply_patch") {
        std::string paths;
        const std::string patch = text(parsed, "patch");
        for (std::size_t at = patch.find("File: "); at != std::string::npos; at = patch.find("File: ", at + 1))
            paths.append(paths.empty() ? "" : ", ").append(patch, at + 6, patch.find('\n', at) - at - 6);
        return paths;
    }
    return firstLine(arguments);
}

void RunFold::applyTool(const Record& record)
{
    const json& data = record.data;
    if (record.type == EventType::ToolRequested) {
        const int row = addRow(record, RowKind::Call, RowState::Running);
        RunRow& call = m_rows[std::size_t(row)];
        call.call = text(data, "call");
        call.title = text(data, "tool");
        call.arguments = value(data, "arguments");
        call.summary = callSummary(call.title, inlineText(call.arguments));
        m_byCall[call.call] = row;
        remember(record, row);
        return;
    }
    int row = rowOf(record);
    if (row < 0) {
        row = addRow(record, RowKind::Call, RowState::Running);
        m_rows[std::size_t(row)].title = text(data, "tool");
    }
    if (m_rows[std::size_t(row)].durationMs < 0)
        finish(row, record);
    RunRow& call = touch(row, record);
    if (record.type == EventType::ToolResult) {
        if (!call.executed)
            m_output.addResult(row, record);
        const bool failed = value(data, "error") == json(true);
        if (call.state == RowState::Running || call.state == RowState::Allowed || call.state == RowState::Asks)
            call.state = failed ? RowState::Failed : RowState::Done;
    } else {
        call.state = record.type == EventType::ToolRefused ? RowState::Failed : RowState::Denied;
        call.outcome = record.type == EventType::ToolRefused ? "refused" : "";
        m_output.addText(row, record, "reason");
    }
}

void RunFold::applyEffect(const Record& record)
{
    const json& data = record.data;
    const int row = rowOf(record);
    if (row < 0)
        return applyOther(record);
    RunRow& call = touch(row, record);
    if (record.type == EventType::EffectStarted) {
        m_byEffect[text(data, "effect")] = row;
        m_startedMono[row] = record.boot + ' ' + record.monoNs;
        call.state = RowState::Running;
        call.actingMs = m_now;
        m_output.beginEffect(row);
        return;
    }
    if (record.type == EventType::EffectUnknown) {
        call.state = RowState::Unknown;
        m_output.addText(row, record, "why");
        return;
    }
    if (record.type != EventType::EffectFinished)
        return;
    finish(row, record);
    call.durationMs = number(data, "wallMs", call.durationMs);
    call.executed = data.is_object() && data.contains("output");
    m_output.addRest(row, record);
    const std::string end = text(data, "end");
    const std::int64_t status = number(data, "status");
    if (const json limits = value(data, "limits"); limits.is_array() && !limits.empty()) {
        call.state = RowState::Failed;
        const json& first = limits.front();
        call.outcome = "limit: " + (first.is_string() ? first.get<std::string>() : text(first, "limit"));
    } else if (status != 0 || end == "signalled" || end == "limit" || end == "cancelled") {
        call.state = RowState::Failed;
        call.outcome = status != 0 ? (end == "signalled" ? "signal " : "exit ") + std::to_string(status) : end;
    } else {
        call.state = RowState::Done;
    }
}

// Output comes many times a second: the row does not change for it, and does not name the record.
void RunFold::applyOutput(const Record& record)
{
    if (const int row = rowOf(record); row >= 0)
        m_output.addChunk(row, record);
}

void RunFold::applyPolicy(const Record& record)
{
    const json& data = record.data;
    if (record.type == EventType::PolicyLoaded) {
        m_info.policyDigest = text(data, "digest").empty() ? m_info.policyDigest : text(data, "digest");
        return;
    }
    auto decision = policy::decisionFromJson(data);
    if (!decision) // what is shown of it is then only its effect
        decision = policy::Decision{};
    const std::string effect = text(data, "effect");
    int row = rowOf(record);
    if (row < 0 && text(data, "point") == "tool" && !m_rows.empty() && m_rows.back().kind == RowKind::Call)
        row = int(m_rows.size()) - 1;
    if (row < 0) {
        row = addRow(record, RowKind::Decision, effect == "allow" ? RowState::Done : effect == "ask" ? RowState::Asks : RowState::Denied);
        m_rows[std::size_t(row)].agent = "policy";
        m_rows[std::size_t(row)].title = text(data, "point");
        remember(record, row);
        if (const policy::Match* match = decision->decisive())
            m_rows[std::size_t(row)].summary = match->reason.empty() ? match->rule : match->rule + ": " + match->reason;
    }
    // What is said later passes the same point as the task, and ends nothing.
    const bool isSaid = text(data, "point") == "input" && data.contains("said");
    if (effect == "deny" && !isSaid) {
        const policy::Match* match = decision->decisive();
        m_denial = match ? Denial{match->rule, match->reason} : Denial{{}, decision->why.format()};
    }
    RunRow& decided = touch(row, record);
    decided.decisions.push_back(*std::move(decision));
    if (decided.kind != RowKind::Call)
        return;
    if (effect == "deny")
        decided.state = RowState::Denied;
    else if (effect == "ask" && decided.state == RowState::Running)
        decided.state = RowState::Asks;
    else if (effect == "allow" && decided.state == RowState::Running)
        decided.state = RowState::Allowed;
}

// What a person decided stands when they decided it, not where the call began.
void RunFold::addVote(const Record& record, const std::string& about)
{
    using approval::VoteDecision;
    const std::optional<VoteDecision> decision = approval::voteDecisionFromName(text(record.data, "decision"));
    const RowState state = !decision ? RowState::Unknown : *decision == VoteDecision::Deny ? RowState::Denied : RowState::Done;
    RunRow& vote = m_rows[std::size_t(addRow(record, RowKind::Decision, state))];
    vote.agent = text(record.data, "principal");
    vote.approval = text(record.data, "id");
    vote.outcome = !decision ? "" : *decision == VoteDecision::Deny ? "denied" : "approved";
    const std::string reason = firstLine(text(record.data, "reason"));
    vote.summary = reason.empty() ? about : about.empty() ? reason : about + ": " + reason;
}

void RunFold::applyApproval(const Record& record)
{
    const json& data = record.data;
    const std::string id = text(data, "id");
    if (record.type == EventType::ApprovalRequested)
        m_requests[id] = data;
    int row = rowOf(record);
    if (row < 0 && !m_rows.empty())
        row = int(m_rows.size()) - 1;
    if (row < 0)
        return;
    m_byApproval[id] = row;
    RunRow& asked = touch(row, record);
    asked.approval = id;
    m_agents[id] = asked.agent;
    const bool answers = record.type == EventType::ApprovalResolved || record.type == EventType::ApprovalExpired ||
        record.type == EventType::ApprovalInvalidated || record.type == EventType::ApprovalWithdrawn;
    if (answers && asked.askedMs >= 0 && asked.answeredMs < 0)
        asked.answeredMs = m_now;
    switch (record.type) {
    case EventType::ApprovalRequested:
        asked.state = RowState::Asks;
        asked.askedMs = m_now;
        asked.answeredMs = asked.actingMs = -1;
        break;
    case EventType::ApprovalVote:
        if (text(data, "decision") == approval::voteDecisionName(approval::VoteDecision::Deny))
            m_denial = {text(data, "principal"), text(data, "reason")};
        // By value: asked is elsewhere from here on.
        addVote(record, asked.kind == RowKind::Call ? std::string(asked.title) : std::string("task"));
        break;
    case EventType::ApprovalResolved:
        m_resolvedBy[id] = text(data, "by");
        asked.state = text(data, "decision") == "approve" || text(data, "decision") == "approved" ? RowState::Allowed : RowState::Denied;
        break;
    case EventType::ApprovalExpired:
    case EventType::ApprovalInvalidated:
    case EventType::ApprovalWithdrawn:
        asked.state = RowState::Denied;
        asked.outcome = record.type == EventType::ApprovalExpired ? "expired"
            : record.type == EventType::ApprovalWithdrawn         ? "withdrawn"
                                                                  : "invalidated";
        break;
    default:
        break;
    }
}

void RunFold::applyStep(const Record& record)
{
    const json stat = value(record.data, "stat");
    const int files = int(number(stat, "files"));
    m_info.filesChanged += files;
    m_info.linesAdded += int(number(stat, "added"));
    m_info.linesRemoved += int(number(stat, "removed"));
    const int row = rowOf(record);
    if (row < 0 || files == 0)
        return;
    RunRow& call = touch(row, record);
    call.patch = value(record.data, "patch");
    call.filesChanged = files;
    call.linesAdded = int(number(stat, "added"));
    call.linesRemoved = int(number(stat, "removed"));
}

} // namespace gatehouse::widgets
