#include "core/engine/progress.h"

#include "core/base/canonicaljson.h"
#include "core/base/utf8.h"
#include "core/foundation/hex.h"

#include <algorithm>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

namespace {

std::string text(const json& data, const char* field)
{
    const auto found = data.find(field);
    return found != data.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t number(const json& data, const char* field)
{
    const auto found = data.find(field);
    return found != data.end() && found->is_number_integer() && *found >= 0 ? found->get<std::uint64_t>() : 0;
}

Result<std::string> payloadOf(const json& data, const char* field, const PayloadSource& payload)
{
    const auto found = data.find(field);
    if (found == data.end() || found->is_null())
        return std::string();
    return payload(*found);
}

} // namespace

Result<void> Progress::apply(EventType type, const Data& data, const PayloadSource& payload)
{
    switch (type) {
    case EventType::UserMessage:
        return applyText(data, payload);
    case EventType::ModelRequest:
        applyRequest(data);
        return {};
    case EventType::ModelResponse:
        return applyResponse(data, payload);
    case EventType::ModelError:
        m_requestOpen = false;
        releaseHeld();
        return {};
    case EventType::ToolRequested:
        if (CallProgress* call = callOf(text(data, "call")))
            call->requested = true;
        ++m_toolCalls;
        return {};
    case EventType::ToolResult:
        return applyResult(data, payload);
    case EventType::PolicyDecided:
        applyDecision(data);
        return {};
    case EventType::ApprovalRequested:
    case EventType::ApprovalResolved:
    case EventType::ApprovalInvalidated:
    case EventType::ApprovalExpired:
        applyApproval(type, data);
        return {};
    case EventType::EffectStarted:
    case EventType::EffectFinished:
    case EventType::EffectUnknown:
        applyEffect(type, data);
        return {};
    case EventType::StepChanged:
        return applyChanges(data);
    case EventType::ControlReceived:
        if (std::string message = text(data, "inbox"); !message.empty())
            m_heard.insert(std::move(message));
        return {};
    case EventType::RunFinished:
        m_finished = true;
        return {};
    default:
        return {};
    }
}

Result<void> Progress::applyText(const Data& data, const PayloadSource& payload)
{
    GH_ASSIGN(std::string said, payloadOf(data, "text", payload));
    m_held.emplace_back(model::UserMessage{std::move(said)});
    if (data.value("task", false)) {
        // The task is first, whatever was said before it.
        m_items.push_back(std::move(m_held.back()));
        m_held.pop_back();
        m_taskSaid = true;
    }
    releaseHeld();
    return {};
}

void Progress::releaseHeld()
{
    if (!m_taskSaid || m_requestOpen || !m_calls.empty() || m_held.empty())
        return;
    m_items.insert(m_items.end(), m_held.begin(), m_held.end());
    m_held.clear();
    m_answered = false;
}

void Progress::applyRequest(const Data& data)
{
    m_sentItems = m_items.size();
    m_requestDigest = text(data, "reqDigest");
    m_requestOpen = true;
    // A request that is asked again after a crash is the same turn.
    m_turns = std::max(m_turns, number(data, "turn"));
}

Result<void> Progress::applyResponse(const Data& data, const PayloadSource& payload)
{
    model::Response response;
    GH_ASSIGN(response.text, payloadOf(data, "text", payload));
    for (const json& entry : data.value("calls", json::array())) {
        model::ToolCall call{text(entry, "id"), text(entry, "name"), {}};
        GH_ASSIGN(call.arguments, payloadOf(entry, "arguments", payload));
        response.calls.push_back(std::move(call));
    }
    const json usage = data.value("usage", json::object());
    m_inputTokens += number(usage, "input");
    m_outputTokens += number(usage, "output");
    m_requestOpen = false;
    for (model::Item& item : model::itemsOf(response))
        m_items.push_back(std::move(item));
    m_deniedLast = false;
    m_calls.clear();
    for (model::ToolCall& call : response.calls)
        m_calls.push_back({.call = std::move(call)});
    m_answered = m_calls.empty();
    m_answer = m_answered ? response.text : std::string();
    releaseHeld();
    return {};
}

Result<void> Progress::applyResult(const Data& data, const PayloadSource& payload)
{
    const std::string id = text(data, "call");
    const auto open = std::ranges::find(m_calls, id, [](const CallProgress& call) { return call.call.id; });
    if (open == m_calls.end())
        return fail(ErrorCode::Corrupt, "tool.result", Message("There is no open call %1", {id}));
    GH_ASSIGN(std::string result, payloadOf(data, "text", payload));
    m_items.emplace_back(model::ToolResultItem{id, std::move(result)});
    m_calls.erase(open);
    releaseHeld();
    return {};
}

void Progress::applyDecision(const Data& data)
{
    const std::string effect = text(data, "effect");
    // What is said later passes the same point, and is no word about the task.
    if (text(data, "point") == "input" && data.contains("said"))
        return;
    if (text(data, "point") == "input") {
        m_taskAllowed = effect == "allow";
        m_taskPolicy = text(data, "policyDigest");
    } else if (effect == "deny")
        countDenial();
}

void Progress::countDenial()
{
    ++m_denied;
    m_deniedLast = true;
}

void Progress::applyApproval(EventType type, const Data& data)
{
    const std::string id = text(data, "id");
    if (type == EventType::ApprovalRequested && text(data, "call").empty()) {
        m_taskApproval = ApprovalId(id);
        return;
    }
    if (!m_taskApproval.empty() && id == m_taskApproval.text())
        return;
    CallProgress* call = type == EventType::ApprovalRequested ? callOf(text(data, "call")) : callOfApproval(id);
    if (!call)
        return;
    if (type == EventType::ApprovalRequested) {
        call->approval = ApprovalId(id);
        call->binding = text(data, "binding");
        call->asked = true;
        call->stage = CallStage::Asked;
    } else if (type == EventType::ApprovalResolved) {
        const bool approved = text(data, "decision") == "approve";
        call->stage = approved ? CallStage::Approved : CallStage::Proposed;
        if (!approved)
            countDenial();
    } else {
        call->stage = CallStage::Proposed;
        call->approval = {};
        call->binding.clear();
    }
}

void Progress::applyEffect(EventType type, const Data& data)
{
    const std::string effect = text(data, "effect");
    if (type == EventType::EffectStarted) {
        if (CallProgress* call = callOf(text(data, "call"))) {
            call->stage = CallStage::Started;
            call->effect = effect;
            call->mustAsk = false;
        }
    } else if (CallProgress* call = callOfEffect(effect)) {
        call->stage = type == EventType::EffectFinished ? CallStage::Finished : CallStage::Unknown;
        call->mustAsk = type == EventType::EffectUnknown;
    }
}

Result<void> Progress::applyChanges(const Data& data)
{
    std::vector<workspace::PathStep> step;
    for (const json& entry : data.value("changes", json::array())) {
        GH_ASSIGN(std::string path, pathFromJson(entry.value("path", json())));
        GH_ASSIGN(workspace::PathVersion before, versionFromJson(entry.value("before", json())));
        GH_ASSIGN(workspace::PathVersion after, versionFromJson(entry.value("after", json())));
        step.push_back({std::move(path), std::move(before), std::move(after)});
    }
    m_steps = std::max(m_steps, number(data, "step"));
    return m_files.apply(step);
}

const CallProgress* Progress::find(const std::string& call) const
{
    const auto found = std::ranges::find(m_calls, call, [](const CallProgress& entry) { return entry.call.id; });
    return found == m_calls.end() ? nullptr : &*found;
}

CallProgress* Progress::callOf(const std::string& id)
{
    return const_cast<CallProgress*>(find(id));
}

CallProgress* Progress::callOfApproval(const std::string& id)
{
    const auto found = std::ranges::find(m_calls, id, [](const CallProgress& entry) { return entry.approval.text(); });
    return found == m_calls.end() ? nullptr : &*found;
}

CallProgress* Progress::callOfEffect(const std::string& id)
{
    const auto found = std::ranges::find(m_calls, id, &CallProgress::effect);
    return found == m_calls.end() ? nullptr : &*found;
}

static constexpr std::array<std::string_view, 5> kindNames = {"absent", "file", "directory", "link", "other"};

json versionToJson(const workspace::PathVersion& version)
{
    json out = {{"kind", kindNames[static_cast<std::size_t>(version.kind)]}};
    if (!version.present())
        return out;
    out["mode"] = version.mode;
    out["size"] = version.size;
    if (!version.sha256.empty())
        out["sha256"] = version.sha256;
    if (!version.blob.empty())
        out["blob"] = json::parse(version.blob, nullptr, false);
    return out;
}

Result<workspace::PathVersion> versionFromJson(const json& value)
{
    workspace::PathVersion out;
    const auto kind = std::ranges::find(kindNames, value.is_object() ? text(value, "kind") : std::string());
    if (kind == kindNames.end())
        return fail(ErrorCode::Corrupt, "step.changed", "A changed path has no known kind");
    out.kind = static_cast<execution::FileKind>(kind - kindNames.begin());
    out.mode = static_cast<std::uint32_t>(number(value, "mode"));
    out.size = number(value, "size");
    out.sha256 = text(value, "sha256");
    if (value.contains("blob")) {
        GH_ASSIGN(out.blob, canonicalJson(value["blob"]));
    }
    return out;
}

json pathToJson(const std::string& path)
{
    if (isValidUtf8(path))
        return path;
    return {{"hex", toHex(std::span(reinterpret_cast<const unsigned char*>(path.data()), path.size()))}};
}

Result<std::string> pathFromJson(const json& value)
{
    if (value.is_string())
        return value.get<std::string>();
    const auto bytes = value.is_object() ? fromHex(text(value, "hex")) : std::nullopt;
    if (!bytes)
        return fail(ErrorCode::Corrupt, "step.changed", "A changed path has no name");
    return std::string(bytes->begin(), bytes->end());
}

} // namespace gatehouse::engine
