#include "core/engine/events.h"

#include "core/base/utf8.h"
namespace gatehouse::engine {

using journal::ActorKind;
using nlohmann::json;

journal::Event systemEvent(journal::EventType type, json data, SpanId span)
{
    return {type, {ActorKind::System, "gatehouse"}, std::move(span), std::move(data)};
}

journal::Event agentEvent(journal::EventType type, const std::string& agent, json data, SpanId span)
{
    return {type, {ActorKind::Agent, agent}, std::move(span), std::move(data)};
}

journal::Event humanEvent(journal::EventType type, const std::string& person, json data, SpanId span)
{
    return {type, {ActorKind::Human, person}, std::move(span), std::move(data)};
}

journal::Event policyEvent(json data, SpanId span)
{
    return {journal::EventType::PolicyDecided, {ActorKind::Policy, "policy"}, std::move(span), std::move(data)};
}

SpanId makeSpan()
{
    return SpanId(randomHex(8));
}

json toJson(const execution::LimitBreach& breach)
{
    return {{"limit", limitName(breach.limit)}, {"value", breach.value}, {"maximum", breach.maximum}};
}

json toJson(const execution::IsolationReport& report)
{
    json layers = json::array();
    for (const execution::LayerReport& layer : report.layers)
        layers.push_back({{"layer", layerName(layer.layer)}, {"state", layerStateName(layer.state)}, {"why", layer.why}});
    return layers;
}

json toJson(const execution::ResourceLimits& limits)
{
    return {{"cpuPerMille", static_cast<std::int64_t>(limits.cpu * 1000)},
            {"memory", limits.memory},
            {"processes", limits.processes},
            {"files", limits.files},
            {"fileSize", limits.fileSize},
            {"disk", limits.disk},
            {"inodes", limits.inodes},
            {"output", limits.output},
            {"callMs", limits.call.count()},
            {"sessionMs", limits.session.count()},
            {"runMs", limits.run.count()}};
}

json toJson(const manifest::Receipt& receipt)
{
    json out = {
        {"entry", receipt.entry}, {"kind", receipt.kind}, {"sha256", receipt.sha256}, {"files", receipt.files}, {"bytes", receipt.bytes}};
    if (!receipt.source.empty())
        out["source"] = receipt.source;
    if (!receipt.commit.empty())
        out["commit"] = receipt.commit;
    if (!receipt.leftOut.empty())
        out["leftOut"] = receipt.leftOut;
    return out;
}

json toJson(const std::vector<manifest::Receipt>& receipts)
{
    json out = json::array();
    for (const manifest::Receipt& receipt : receipts)
        out.push_back(toJson(receipt));
    return out;
}

std::string textOf(const nlohmann::json& object, const char* member)
{
    const auto found = object.is_object() ? object.find(member) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string boundedText(const std::string& text)
{
    static constexpr std::size_t longest = 500;
    return text.size() <= longest ? toValidUtf8(text) : toValidUtf8(text.substr(0, longest)) + "…";
}

Error recordFailure(Error error)
{
    if (error.code != ErrorCode::Corrupt)
        error.code = ErrorCode::Record;
    return error;
}

std::string errorText(const Error& error)
{
    return boundedText(error.toString());
}

std::string_view execEndName(execution::ExecEnd end)
{
    switch (end) {
    case execution::ExecEnd::Exited:
        return "exited";
    case execution::ExecEnd::Signalled:
        return "signalled";
    case execution::ExecEnd::Limit:
        return "limit";
    case execution::ExecEnd::Cancelled:
        break;
    }
    return "cancelled";
}

} // namespace gatehouse::engine
