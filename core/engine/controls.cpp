#include "core/engine/controls.h"

#include "core/engine/events.h"
#include "core/policy/snapshot.h"

#include <nlohmann/json.hpp>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

Result<Control> controlFromJson(const json& message)
{
    const std::string kind = textOf(message, "kind");
    if (kind == "vote") {
        json body = message;
        body.erase("kind");
        GH_ASSIGN(approval::Vote vote, approval::voteFromJson(body));
        return vote;
    }
    const std::string named = textOf(message, "from");
    const std::string from = named.empty() ? "unknown" : named;
    if (kind == "stop")
        return StopControl{from};
    if (kind == "pause")
        return PauseControl{from};
    if (kind != "say")
        return fail(ErrorCode::InvalidInput, "inbox", Message("There is no control %1", {kind}));
    std::string text = textOf(message, "text");
    if (text.empty())
        return fail(ErrorCode::InvalidInput, "inbox", "There is nothing to say: the message has no text");
    return SayControl{from, std::move(text)};
}

Result<void> noteSaid(RunContext& context, const SayControl& said, const std::string& message)
{
    const policy::Decision decision = context.plan.policies.evaluate(policy::inputSnapshot(context.plan.subject(), said.text));
    json decided = policy::toJson(decision);
    decided["said"] = true;
    // One write: words that were heard are never without their decision, and a crash can't make them heard twice.
    std::vector<journal::Event> events;
    events.push_back(controlEvent("say", said.from, message));
    events.push_back(policyEvent(std::move(decided)));
    if (decision.effect == policy::Effect::Allow) {
        GH_ASSIGN(json payload, context.recorder.payload(said.text));
        events.push_back(humanEvent(EventType::UserMessage, said.from, {{"text", std::move(payload)}}));
    }
    GH_TRY(context.recorder.commit(std::move(events)));
    if (decision.effect == policy::Effect::Deny)
        return fail(ErrorCode::Denied, "inbox", Message("Policy denies what was said: %1", {decision.why.format()}));
    if (decision.effect == policy::Effect::Ask)
        return fail(ErrorCode::Denied, "inbox", Message("Policy asks a person about what is said: %1", {decision.why.format()}),
                    "Start a run with it as the task");
    return {};
}

journal::Event controlEvent(const std::string& kind, const std::string& from, const std::string& message)
{
    json data = {{"kind", kind}, {"from", from}};
    if (!message.empty())
        data["inbox"] = message;
    return humanEvent(EventType::ControlReceived, from, std::move(data));
}

} // namespace gatehouse::engine
