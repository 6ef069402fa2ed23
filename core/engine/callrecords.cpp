#include "core/engine/callrecords.h"

#include "core/engine/events.h"
#include "core/workspace/patch.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

// Changes of one record, as bytes of JSON: with escapes and one more change it stays below a record's size.
static constexpr std::size_t changeBytesPerRecord = 16 * 1024;

CallRecords::CallRecords(RunContext& context, std::string call, SpanId span)
    : m_context(context), m_call(std::move(call)), m_span(std::move(span))
{
}

journal::Event CallRecords::event(EventType type, json data) const
{
    return agentEvent(type, m_context.plan.agent.name, std::move(data), m_span);
}

Result<void> CallRecords::noteOutput(execution::Stream stream, const std::string& bytes)
{
    const char* name = stream == execution::Stream::Output ? "output" : "error";
    GH_ASSIGN(json payload, m_context.recorder.payload(bytes));
    return m_context.recorder.note(event(EventType::OutputChunk, {{"call", m_call}, {"stream", name}, {"bytes", std::move(payload)}}));
}

Result<void> CallRecords::noteOutcome(const std::string& effect, const execution::ToolOutcome& outcome,
                                      const std::array<std::size_t, 2>& flushed)
{
    json data = json::object();
    if (outcome.exec) {
        GH_ASSIGN(data, outcomeData(*outcome.exec, flushed));
        for (const execution::LimitBreach& breach : outcome.exec->limits) {
            json breached = toJson(breach);
            breached["call"] = m_call;
            GH_TRY(m_context.recorder.note(event(EventType::LimitBreached, std::move(breached))));
        }
    }
    data["effect"] = effect;
    data["call"] = m_call;
    data["error"] = outcome.error;
    return m_context.recorder.note(event(EventType::EffectFinished, std::move(data)));
}

Result<json> CallRecords::outcomeData(const execution::ExecOutcome& exec, const std::array<std::size_t, 2>& flushed)
{
    const auto rest = [&](const execution::CapturedStream& stream, std::size_t done) {
        return m_context.recorder.payload(stream.head.substr(std::min(done, stream.head.size())) + stream.tail);
    };
    json data = {{"end", execEndName(exec.end)},   {"status", exec.status},
                 {"wallMs", exec.wall.count()},    {"outputBytes", exec.output.total},
                 {"errorBytes", exec.error.total}, {"truncated", exec.output.truncated() || exec.error.truncated()},
                 {"limits", json::array()}};
    // Of a truncated stream the last bytes of the rest are its end: what was not kept lies before them.
    data["outputTail"] = exec.output.tail.size();
    data["errorTail"] = exec.error.tail.size();
    GH_ASSIGN(data["output"], rest(exec.output, flushed[0]));
    GH_ASSIGN(data["errorOutput"], rest(exec.error, flushed[1]));
    for (const execution::LimitBreach& breach : exec.limits)
        data["limits"].push_back(toJson(breach));
    return data;
}

Result<void> CallRecords::noteChanges(std::vector<workspace::PathEdit> edits, bool quiescent)
{
    if (edits.empty())
        return {};
    GH_ASSIGN(const workspace::Patch patch, workspace::makePatch(edits));
    GH_ASSIGN(const json patchPayload, m_context.recorder.blob(patch.text));
    const std::uint64_t step = m_context.recorder.progress().steps() + 1;
    for (std::size_t at = 0; at < edits.size();) {
        json changes = json::array();
        for (std::size_t bytes = 0; at < edits.size() && bytes < changeBytesPerRecord; ++at) {
            GH_ASSIGN(json change, changeOf(edits[at]));
            bytes += change.dump().size();
            changes.push_back(std::move(change));
        }
        json data = {{"step", step}, {"call", m_call}, {"changes", std::move(changes)}, {"quiescent", quiescent}};
        if (at == edits.size()) {
            data["patch"] = patchPayload;
            data["stat"] = {{"files", patch.stat.files}, {"added", patch.stat.added}, {"removed", patch.stat.removed}};
        }
        GH_TRY(m_context.recorder.note(event(EventType::StepChanged, std::move(data))));
    }
    return {};
}

Result<json> CallRecords::changeOf(workspace::PathEdit& edit)
{
    const auto known = m_context.recorder.progress().files().find(edit.path);
    if (known)
        edit.before = known->now;
    else if (edit.bytesBefore && edit.before.hasContent()) {
        GH_ASSIGN(const json reference, m_context.recorder.blob(*edit.bytesBefore));
        edit.before.blob = reference.dump();
    }
    if (edit.bytesAfter && edit.after.hasContent()) {
        GH_ASSIGN(const json reference, m_context.recorder.blob(*edit.bytesAfter));
        edit.after.blob = reference.dump();
    }
    return json{{"path", pathToJson(edit.path)}, {"before", versionToJson(edit.before)}, {"after", versionToJson(edit.after)}};
}

std::string denialText(const policy::Decision& decision)
{
    std::string text = "Denied by policy";
    if (const policy::Match* match = decision.decisive())
        text += " (rule " + match->rule + ")";
    text += ": " + decision.why.format();
    return text + "\nThe call was not executed. Do not repeat it; go on without it or say why the task needs it.";
}

std::string personsDenialText(const approval::RequestStatus& status)
{
    std::string text = "Tool execution was not approved.";
    if (!status.votes.empty() && !status.votes.back().reason.empty())
        text += " Reason: " + status.votes.back().reason;
    return text;
}

} // namespace gatehouse::engine
