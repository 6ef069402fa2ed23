#include "widgets/models/runfold.h"

#include <algorithm>
#include <charconv>

namespace gatehouse::widgets {

using journal::EventType;
using nlohmann::json;

// Fields of a record, read leniently.
static std::string text(const json& data, const char* key)
{
    const auto found = data.is_object() ? data.find(key) : data.end();
    return data.is_object() && found != data.end() && found->is_string() ? found->get<std::string>() : std::string();
}

static std::int64_t number(const json& data, const char* key, std::int64_t otherwise = 0)
{
    const auto found = data.is_object() ? data.find(key) : data.end();
    return data.is_object() && found != data.end() && found->is_number_integer() ? found->get<std::int64_t>() : otherwise;
}

static json value(const json& data, const char* key)
{
    return data.is_object() ? data.value(key, json()) : json();
}

// A payload that stands in the record itself, for summaries; empty when it is in the pack.
static std::string inlineText(const json& payload)
{
    return payload.is_string() ? payload.get<std::string>() : text(payload, "text");
}

static std::string firstLine(const std::string& whole)
{
    constexpr std::size_t longest = 300;
    const std::size_t start = std::min(whole.find_first_not_of(" \t\r\n"), whole.size());
    const std::size_t end = std::min(whole.find('\n', start), start + longest);
    return whole.substr(start, end - start);
}

static std::string grouped(std::int64_t value)
{
    const std::string digits = std::to_string(value);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0)
            text += ',';
        text += digits[i];
    }
    return text;
}

static std::int64_t nanoseconds(const std::string& text)
{
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Result<void> RunFold::apply(const Record& record)
{
    m_state.apply(record);
    switch (record.type) {
    case EventType::RunOpened:
    case EventType::RunPaused:
    case EventType::RunResumed:
    case EventType::RunFinished:
    case EventType::RunClosed:
    case EventType::RunAbandoned:
    case EventType::WriterOpened:
    case EventType::JournalRecovered:
    case EventType::UserMessage: applyRun(record); break;
    case EventType::ModelRequest:
    case EventType::ModelResponse:
    case EventType::ModelRetry:
    case EventType::ModelError: applyModel(record); break;
    case EventType::ToolRequested:
    case EventType::ToolRefused:
    case EventType::ToolUnauthorized:
    case EventType::ToolResult: applyTool(record); break;
    case EventType::EffectStarted:
    case EventType::EffectFinished:
    case EventType::EffectUnknown:
    case EventType::EffectReconciled: applyEffect(record); break;
    case EventType::PolicyLoaded:
    case EventType::PolicyDecided: applyPolicy(record); break;
    case EventType::StepChanged: applyStep(record); break;
    case EventType::SandboxCreated: applySandbox(record); break;
    case EventType::LimitBreached: applyLimit(record); break;
    case EventType::ApprovalRequested:
    case EventType::ApprovalDelivered:
    case EventType::ApprovalPresented:
    case EventType::ApprovalVote:
    case EventType::ApprovalResolved:
    case EventType::ApprovalConsumed:
    case EventType::ApprovalExpired:
    case EventType::ApprovalWithdrawn:
    case EventType::ApprovalInvalidated: applyApproval(record); break;
    default: applyOther(record);
    }
    return m_approvals.apply(record);
}

int RunFold::addRow(const Record& record, RowKind kind, RowState state)
{
    RunRow row;
    row.kind = kind;
    row.state = state;
    row.firstSeq = record.seq;
    row.wall = record.wall;
    row.agent = record.actor.id.empty() || record.actor.kind == journal::ActorKind::System ? m_agent : record.actor.id;
    m_rows.push_back(std::move(row));
    const int index = int(m_rows.size()) - 1;
    m_startedMono[index] = record.boot + ' ' + record.monoNs;
    touch(index, record);
    return index;
}

RunRow& RunFold::touch(int row, const Record& record)
{
    m_changed.insert(row);
    RunRow& touched = m_rows[std::size_t(row)];
    if (touched.records.empty() || touched.records.back() != record.seq)
        touched.records.push_back(record.seq);
    return touched;
}

int RunFold::rowOf(const Record& record) const
{
    const auto find = [](const std::map<std::string, int>& index, const std::string& key) {
        const auto found = key.empty() ? index.end() : index.find(key);
        return found == index.end() ? -1 : found->second;
    };
    if (const int row = find(m_byCall, text(record.data, "call")); row >= 0)
        return row;
    if (const int row = find(m_byEffect, text(record.data, "effect")); row >= 0)
        return row;
    if (const int row = find(m_byApproval, text(record.data, "id")); row >= 0)
        return row;
    return find(m_bySpan, record.span.text());
}

void RunFold::remember(const Record& record, int row)
{
    if (!record.span.empty())
        m_bySpan[record.span.text()] = row;
}

// On the boot clock, so that a clock set back does not show; across boots the time is not known.
void RunFold::finish(int row, const Record& record)
{
    const std::string& started = m_startedMono[row];
    const std::size_t gap = started.find(' ');
    RunRow& finished = touch(row, record);
    if (gap != std::string::npos && started.substr(0, gap) == record.boot)
        finished.durationMs = (nanoseconds(record.monoNs) - nanoseconds(started.substr(gap + 1))) / 1'000'000;
}

void RunFold::applyRun(const Record& record)
{
    const json& data = record.data;
    switch (record.type) {
    case EventType::RunOpened: {
        m_info.name = text(data, "name");
        m_info.profile = text(data, "profile");
        m_info.policyDigest = text(data, "policyDigest");
        m_info.solo = data.is_object() && data.value("solo", json()) == json(true);
        m_info.maximumTurns = number(value(data, "limits"), "turns");
        const int row = addRow(record, RowKind::Task, RowState::Note);
        m_rows[std::size_t(row)].agent = text(data, "requester");
        m_rows[std::size_t(row)].text = value(data, "task");
        m_rows[std::size_t(row)].summary = firstLine(inlineText(value(data, "task")));
        return;
    }
    case EventType::UserMessage: {
        const json message = value(data, "text");
        // The task stands in run.opened already.
        if (m_rows.size() == 1 && (m_rows[0].text == message || m_rows[0].text.is_null())) {
            RunRow& row = touch(0, record);
            row.text = message;
            row.summary = firstLine(inlineText(message));
            return;
        }
        const int row = addRow(record, RowKind::Task, RowState::Note);
        m_rows[std::size_t(row)].text = message;
        m_rows[std::size_t(row)].summary = firstLine(inlineText(message));
        return;
    }
    case EventType::WriterOpened:
        if (number(data, "epoch") > 1) {
            const int row = addRow(record, RowKind::Journal, RowState::Note);
            m_rows[std::size_t(row)].summary = "writer " + std::to_string(number(data, "epoch"));
        }
        return;
    case EventType::JournalRecovered: {
        const int row = addRow(record, RowKind::Journal, RowState::Unknown);
        m_rows[std::size_t(row)].summary = "recovered " + std::to_string(number(data, "bytes")) + " bytes";
        return;
    }
    case EventType::RunPaused:
    case EventType::RunResumed: {
        const int row = addRow(record, RowKind::Pause, RowState::Note);
        m_rows[std::size_t(row)].title = std::string(journal::eventTypeName(record.type));
        m_rows[std::size_t(row)].summary = text(data, "why");
        return;
    }
    default: break;
    }
    const std::string outcome = text(data, "outcome");
    const bool good = number(data, "exit", 0) == 0;
    const int row = addRow(record, RowKind::Outcome, record.type == EventType::RunAbandoned ? RowState::Failed : good ? RowState::Done : RowState::Failed);
    m_rows[std::size_t(row)].title = std::string(journal::eventTypeName(record.type));
    m_rows[std::size_t(row)].text = value(data, "final");
    m_rows[std::size_t(row)].summary = firstLine(inlineText(value(data, "final")));
    m_rows[std::size_t(row)].outcome = outcome;
    if (outcome.find("denied") != std::string::npos)
        m_rows[std::size_t(row)].state = RowState::Denied;
}

void RunFold::applyModel(const Record& record)
{
    const json& data = record.data;
    if (record.type == EventType::ModelRequest) {
        m_agent = text(data, "agent");
        m_modelRow = addRow(record, RowKind::Model, RowState::Running);
        m_rows.back().agent = m_agent;
        m_rows.back().summary = text(data, "model");
        return;
    }
    if (m_modelRow < 0)
        m_modelRow = addRow(record, RowKind::Model, RowState::Running);
    if (record.type == EventType::ModelRetry) {
        const int row = addRow(record, RowKind::Retry, RowState::Failed);
        RunRow& retry = m_rows[std::size_t(row)];
        retry.summary = text(data, "reason");
        if (const std::int64_t wait = number(data, "retryAfterMs"); wait > 0) {
            retry.summary += retry.summary.empty() ? "again after " : ", again after ";
            retry.summary += std::to_string(wait);
            retry.summary += " ms";
        }
        if (const std::int64_t status = number(data, "status"); status > 0)
            retry.outcome = std::to_string(status);
        return;
    }
    finish(m_modelRow, record);
    RunRow& row = m_rows[std::size_t(m_modelRow)];
    if (record.type == EventType::ModelError) {
        row.state = RowState::Failed;
        row.summary = text(data, "reason");
        row.outcome = text(data, "kind");
    } else {
        row.state = RowState::Done;
        row.text = value(data, "text");
        const json usage = value(data, "usage");
        row.summary = grouped(number(usage, "input")) + " in · " + grouped(number(usage, "output")) + " out";
        row.outcome = text(data, "finish") == "stop" ? std::string() : text(data, "finish") == "tool_calls" ? std::string() : text(data, "finish");
    }
    m_modelRow = -1;
}

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
        if (call.output.is_null())
            call.output = value(data, "text");
        const bool failed = value(data, "error") == json(true);
        if (call.state == RowState::Running || call.state == RowState::Allowed || call.state == RowState::Asks)
            call.state = failed ? RowState::Failed : RowState::Done;
    } else {
        call.state = record.type == EventType::ToolRefused ? RowState::Failed : RowState::Denied;
        call.outcome = record.type == EventType::ToolRefused ? "refused" : "";
        call.text = json {{"text", text(data, "reason")}};
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
        return;
    }
    if (record.type == EventType::EffectUnknown) {
        call.state = RowState::Unknown;
        call.text = json {{"text", text(data, "why")}};
        return;
    }
    if (record.type != EventType::EffectFinished)
        return;
    finish(row, record);
    call.durationMs = number(data, "wallMs", call.durationMs);
    call.output = value(data, "output");
    call.error = value(data, "error");
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
    switch (record.type) {
    case EventType::ApprovalRequested: asked.state = RowState::Asks; break;
    case EventType::ApprovalResolved:
        m_resolvedBy[id] = text(data, "by");
        asked.state = text(data, "decision") == "approve" || text(data, "decision") == "approved" ? RowState::Allowed : RowState::Denied;
        break;
    case EventType::ApprovalExpired:
    case EventType::ApprovalInvalidated:
    case EventType::ApprovalWithdrawn:
        asked.state = RowState::Denied;
        asked.outcome = record.type == EventType::ApprovalExpired ? "expired" : record.type == EventType::ApprovalWithdrawn ? "withdrawn" : "invalidated";
        break;
    default: break;
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

void RunFold::applySandbox(const Record& record)
{
    m_info.layers.clear();
    int enforced = 0;
    for (const json& layer : value(record.data, "layers")) {
        m_info.layers.push_back({text(layer, "layer"), text(layer, "state"), text(layer, "why")});
        enforced += text(layer, "state") == "enforced";
    }
    const int row = addRow(record, RowKind::Sandbox, RowState::Done);
    m_rows[std::size_t(row)].agent = text(record.data, "backend");
    m_rows[std::size_t(row)].summary = std::to_string(enforced) + " of " + std::to_string(m_info.layers.size()) + " layers enforced";
}

void RunFold::applyLimit(const Record& record)
{
    const int row = addRow(record, RowKind::Limit, RowState::Failed);
    m_rows[std::size_t(row)].title = text(record.data, "limit");
    const auto figure = [&](const char* key) {
        const json found = value(record.data, key);
        return found.is_string() ? found.get<std::string>() : found.is_number() ? found.dump() : std::string("?");
    };
    m_rows[std::size_t(row)].summary = figure("value") + " of " + figure("maximum");
}

// Records that have no row of their own belong to the row they name, and else are bookkeeping that only counts.
void RunFold::applyOther(const Record& record)
{
    if (record.type == EventType::ControlReceived || record.type == EventType::InboxRejected || record.type == EventType::AlertRaised
        || record.type == EventType::EffectUnknown) {
        const int row = addRow(record, RowKind::Control, RowState::Note);
        m_rows[std::size_t(row)].title = std::string(journal::eventTypeName(record.type));
        m_rows[std::size_t(row)].summary = text(record.data, "kind") + text(record.data, "why");
        return;
    }
    if (const int row = rowOf(record); row >= 0)
        touch(row, record);
}

RunFold::Changes RunFold::takeChanges()
{
    Changes changes;
    for (const int row : m_changed) {
        auto shared = std::make_shared<const RunRow>(m_rows[std::size_t(row)]);
        if (std::size_t(row) < m_taken)
            changes.changed.emplace_back(row, std::move(shared));
        else
            changes.appended.push_back(std::move(shared));
    }
    m_changed.clear();
    m_taken = m_rows.size();
    return changes;
}

static RunProgress progressOf(const journal::RunState& state, bool waiting)
{
    switch (state.phase) {
    case journal::RunPhase::Opened: return waiting ? RunProgress::Waiting : RunProgress::Running;
    case journal::RunPhase::Paused: return waiting ? RunProgress::Waiting : RunProgress::Paused;
    case journal::RunPhase::Abandoned: return RunProgress::Failed;
    case journal::RunPhase::Finished:
    case journal::RunPhase::Closed: break;
    }
    if (state.exitStatus == 3 || state.outcome.find("denied") != std::string::npos)
        return RunProgress::Denied;
    return state.exitStatus == 0 ? RunProgress::Finished : RunProgress::Failed;
}

RunInfo RunFold::info() const
{
    RunInfo info = m_info;
    info.id = m_state.run.text();
    info.workflow = m_state.workflow;
    info.executionClass = m_state.cls;
    info.requester = m_state.requester;
    info.openedAt = m_state.openedAt;
    info.updatedAt = m_state.updatedAt;
    info.outcome = m_state.outcome;
    info.records = m_state.records;
    info.turns = m_state.turns;
    info.toolCalls = m_state.toolCalls;
    info.denied = m_state.denied;
    info.inputTokens = m_state.inputTokens;
    info.outputTokens = m_state.outputTokens;
    info.over = m_state.phase == journal::RunPhase::Finished || m_state.phase == journal::RunPhase::Closed || m_state.phase == journal::RunPhase::Abandoned;
    info.progress = progressOf(m_state, !m_approvals.open().empty());
    return info;
}

const json& RunFold::requestData(const ApprovalId& id) const
{
    static const json none;
    const auto found = m_requests.find(id.text());
    return found == m_requests.end() ? none : found->second;
}

std::string RunFold::resolvedBy(const ApprovalId& id) const
{
    const auto found = m_resolvedBy.find(id.text());
    return found == m_resolvedBy.end() ? std::string() : found->second;
}

std::string RunFold::agentOf(const ApprovalId& id) const
{
    const auto found = m_agents.find(id.text());
    return found == m_agents.end() ? std::string() : found->second;
}

} // namespace gatehouse::widgets
