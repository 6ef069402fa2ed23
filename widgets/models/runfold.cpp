#include "widgets/models/runfold.h"

#include "widgets/models/recordfields.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace gatehouse::widgets {

using fields::text;
using journal::EventType;
using nlohmann::json;

static std::int64_t nanoseconds(const std::string& text)
{
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

namespace {

// Shorter pauses are part of the work.
constexpr std::int64_t shortestIdle = 60'000;

bool isOver(const RunRow& row)
{
    if (row.state == RowState::Allowed)
        return row.kind != RowKind::Call;
    return row.state != RowState::Running && row.state != RowState::Asks;
}

} // namespace

bool RunFold::isBusyUntil(const Record& record) const
{
    // A new writer or a new boot: whatever was on its way had died with the old one.
    const bool cut = record.type == EventType::WriterOpened || record.boot != m_boot;
    return !cut && (m_modelRow >= 0 || !m_state.effects.empty());
}

void RunFold::noteTime(const Record& record)
{
    const std::int64_t before = m_now;
    m_now = m_clock.take(record);
    if (before > 0 && m_now - before >= shortestIdle && !isBusyUntil(record))
        m_idle.push_back({before, m_now});
    m_boot = record.boot;
}

void RunFold::noteEnds()
{
    for (const int index : m_touched) {
        RunRow& row = m_rows[std::size_t(index)];
        if (!isOver(row))
            row.endMs = -1;
        else if (row.endMs < 0)
            row.endMs = m_now;
    }
    m_touched.clear();
}

Result<void> RunFold::apply(const Record& record)
{
    noteTime(record);
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
    case EventType::UserMessage:
        applyRun(record);
        break;
    case EventType::ModelRequest:
    case EventType::ModelResponse:
    case EventType::ModelRetry:
    case EventType::ModelError:
        applyModel(record);
        break;
    case EventType::ToolRequested:
    case EventType::ToolRefused:
    case EventType::ToolUnauthorized:
    case EventType::ToolResult:
        applyTool(record);
        break;
    case EventType::EffectStarted:
    case EventType::EffectFinished:
    case EventType::EffectUnknown:
    case EventType::EffectReconciled:
        applyEffect(record);
        break;
    case EventType::PolicyLoaded:
    case EventType::PolicyDecided:
        applyPolicy(record);
        break;
    case EventType::OutputChunk:
        applyOutput(record);
        break;
    case EventType::StepChanged:
        applyStep(record);
        break;
    case EventType::SandboxCreated:
        applySandbox(record);
        break;
    case EventType::EgressOpened:
    case EventType::EgressClosed:
    case EventType::EgressDenied:
        applyEgress(record);
        break;
    case EventType::LimitBreached:
        applyLimit(record);
        break;
    case EventType::ApprovalRequested:
    case EventType::ApprovalDelivered:
    case EventType::ApprovalPresented:
    case EventType::ApprovalVote:
    case EventType::ApprovalResolved:
    case EventType::ApprovalConsumed:
    case EventType::ApprovalExpired:
    case EventType::ApprovalWithdrawn:
    case EventType::ApprovalInvalidated:
        applyApproval(record);
        break;
    default:
        applyOther(record);
    }
    noteEnds();
    return m_approvals.apply(record);
}

int RunFold::addRow(const Record& record, RowKind kind, RowState state)
{
    RunRow row;
    row.kind = kind;
    row.state = state;
    row.firstSeq = record.seq;
    row.wall = record.wall;
    row.startMs = m_now;
    const bool unsaid = record.actor.id.empty() || record.actor.kind == journal::ActorKind::System;
    if (!unsaid || kind == RowKind::Outcome)
        row.agent = record.actor.id;
    else if (kind != RowKind::Journal && kind != RowKind::Pause) // nobody's doing
        row.agent = m_agent;
    m_rows.push_back(std::move(row));
    const int index = int(m_rows.size()) - 1;
    m_startedMono[index] = record.boot + ' ' + record.monoNs;
    touch(index, record);
    return index;
}

RunRow& RunFold::touch(int row, const Record& record)
{
    m_changed.insert(row);
    m_touched.push_back(row);
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

int RunFold::rowFrom(std::uint64_t firstSeq) const
{
    const auto found = std::ranges::lower_bound(m_rows, firstSeq, {}, &RunRow::firstSeq);
    return found != m_rows.end() && found->firstSeq == firstSeq ? int(found - m_rows.begin()) : -1;
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
    changes.idle = std::exchange(m_idle, {});
    m_changed.clear();
    m_taken = m_rows.size();
    return changes;
}

static RunProgress progressOf(const journal::RunState& state, bool waiting)
{
    switch (state.phase) {
    case journal::RunPhase::Opened:
        return waiting ? RunProgress::Waiting : RunProgress::Running;
    case journal::RunPhase::Paused:
        return waiting ? RunProgress::Waiting : RunProgress::Paused;
    case journal::RunPhase::Abandoned:
        return RunProgress::Failed;
    case journal::RunPhase::Finished:
    case journal::RunPhase::Closed:
        break;
    }
    if (state.outcome == "denied")
        return RunProgress::Denied;
    return state.outcome == "completed" ? RunProgress::Finished : RunProgress::Failed;
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
    info.over = m_state.phase == journal::RunPhase::Finished || m_state.phase == journal::RunPhase::Closed ||
        m_state.phase == journal::RunPhase::Abandoned;
    info.idle = m_modelRow < 0 && m_state.effects.empty();
    info.lastMs = m_now;
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
