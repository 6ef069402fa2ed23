#include "core/engine/runreport.h"

#include "core/engine/events.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

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
    case Outcome::BadInput:
        return "bad-input";
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

Outcome outcomeOf(ErrorCode code)
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
    case ErrorCode::InvalidInput:
        return Outcome::BadInput;
    default:
        return Outcome::SandboxFailed;
    }
}

// A project without a roster knows one person's word only, and everything shown says so.
static std::string confirmedBy(const Recorder& recorder)
{
    const auto all = recorder.approvals().all();
    const bool approved = std::ranges::any_of(all, [](const auto* status) { return status->decision == approval::VoteDecision::Approve; });
    return approved ? "one person" : "";
}

RunReport makeReport(const Recorder& recorder, Outcome outcome, std::optional<Error> error)
{
    const Progress& progress = recorder.progress();
    RunReport out{recorder.run(),
                  recorder.directory(),
                  outcome,
                  std::move(error),
                  progress.answer(),
                  progress.turns(),
                  progress.toolCalls(),
                  progress.denied(),
                  progress.inputTokens(),
                  progress.outputTokens(),
                  {},
                  {},
                  confirmedBy(recorder)};
    for (const auto& [path, entry] : progress.files().entries()) {
        if (!entry.base.sameAs(entry.now) && entry.now.kind != execution::FileKind::Directory)
            out.files.push_back(path);
    }
    const auto open = recorder.approvals().open();
    if (!open.empty())
        out.waitingFor = open.front()->request.id.text();
    return out;
}

static json finishedData(Recorder& recorder, Outcome outcome, const std::optional<Error>& error, std::int64_t activeMilliseconds)
{
    const Progress& progress = recorder.progress();
    json data = {{"outcome", outcomeName(outcome)},
                 {"turns", progress.turns()},
                 {"toolCalls", progress.toolCalls()},
                 {"denied", progress.denied()},
                 {"usage", {{"input", progress.inputTokens()}, {"output", progress.outputTokens()}}},
                 {"activeMs", activeMilliseconds}};
    if (std::string by = confirmedBy(recorder); !by.empty())
        data["confirmedBy"] = std::move(by);
    if (error)
        data["error"] = errorText(*error);
    if (outcome == Outcome::Completed) {
        if (const auto answer = recorder.payload(progress.answer()))
            data["final"] = *answer;
    }
    return data;
}

std::vector<journal::Event> closingEvents(Recorder& recorder, Outcome outcome, const std::optional<Error>& error, SandboxOpened sandbox,
                                          std::int64_t activeMilliseconds)
{
    std::vector<journal::Event> events;
    for (const CallProgress& call : recorder.progress().openCalls()) {
        if (call.stage == CallStage::Started)
            events.push_back(
                systemEvent(EventType::EffectUnknown, {{"effect", call.effect}, {"why", "the run ended while it was executed"}}));
    }
    for (const approval::RequestStatus* status : recorder.approvals().open())
        events.push_back(systemEvent(EventType::ApprovalWithdrawn, {{"id", status->request.id.text()}, {"cause", "the run ended"}}));
    if (outcome == Outcome::Limit)
        events.push_back(systemEvent(EventType::LimitBreached, {{"limit", "run"}, {"why", error ? errorText(*error) : ""}}));
    if (sandbox == SandboxOpened::Yes)
        events.push_back(systemEvent(EventType::SandboxDestroyed, json::object()));
    events.push_back(systemEvent(EventType::RunFinished, finishedData(recorder, outcome, error, activeMilliseconds)));
    return events;
}

} // namespace gatehouse::engine
