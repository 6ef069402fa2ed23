#include "core/engine/modelturn.h"

#include "core/engine/events.h"
#include "core/foundation/sha256.h"
#include "core/model/digest.h"
#include "core/model/excerpt.h"
#include "core/model/makeclient.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

namespace {

// What a response must be before the run may follow it.
enum class AfterDenial { No, Yes };

constexpr std::size_t longestRefusal = 300;
constexpr std::size_t bytesPerToken = 4;

struct TextBytes {
    std::size_t operator()(const model::UserMessage& item) const { return item.text.size(); }
    std::size_t operator()(const model::AssistantMessage& item) const { return item.text.size(); }
    std::size_t operator()(const model::ToolCallItem& item) const { return item.name.size() + item.arguments.size(); }
    std::size_t operator()(const model::ToolResultItem& item) const { return item.text.size(); }
};

// Names the server where there is one.
std::string placeOf(const workflow::ModelDefinition& model)
{
    return model.baseUrl.empty() ? "model " + model.name : model.baseUrl;
}

Result<void> checkResponse(const model::Response& response, const std::string& where, AfterDenial afterDenial)
{
    std::vector<std::string> ids;
    for (const model::ToolCall& call : response.calls)
        ids.push_back(call.id);
    std::ranges::sort(ids);
    if (std::ranges::adjacent_find(ids) != ids.end())
        return fail(ErrorCode::Model, where, "The model gave two tool calls the same id");
    // Also with calls: the last of them may be half of what was meant.
    if (response.finish == "length")
        return fail(ErrorCode::Model, where, "The model's answer was cut at its length limit", "Raise the model's maxOutputTokens");
    if (response.finish == "content_filter")
        return fail(ErrorCode::Model, where, "The model's server withheld a part of the answer (content_filter)");
    if (response.finish == "refusal")
        return fail(ErrorCode::Model, where, Message("The model refused: %1", {model::excerpt(response.text, longestRefusal)}));
    if (response.calls.empty() && response.text.empty())
        return fail(afterDenial == AfterDenial::Yes ? ErrorCode::Denied : ErrorCode::Model, where, "The model answered with nothing");
    return {};
}

} // namespace

ModelTurn::ModelTurn(RunContext& context, model::ModelClient& client, QObject* parent)
    : QObject(parent), m_context(context), m_client(client), m_span(makeSpan())
{
}

ModelTurn::~ModelTurn() = default;

model::Request ModelTurn::request() const
{
    model::Request request;
    request.agent = m_context.plan.agent.name;
    request.model = m_context.plan.model.model;
    request.instructions = m_context.plan.agent.instructions;
    request.items = m_context.recorder.progress().items();
    for (const execution::ToolSchema& schema : m_context.plan.tools->schemas())
        request.tools.push_back({schema.name, schema.description, json::parse(schema.parametersJson, nullptr, false)});
    request.parameters = model::parametersOf(m_context.plan.model);
    return request;
}

void ModelTurn::start()
{
    const model::Request asked = request();
    if (const auto noted = noteRequest(asked); !noted)
        return Q_EMIT failed(noted.error());
    m_requestBytes = asked.instructions.size();
    for (const model::Item& item : asked.items)
        m_requestBytes += std::visit(TextBytes(), item);
    m_exchange = m_client.start(asked);
    connect(m_exchange.get(), &model::ModelExchange::retrying, this, &ModelTurn::retrying);
    connect(m_exchange.get(), &model::ModelExchange::finished, this, &ModelTurn::answered);
    connect(m_exchange.get(), &model::ModelExchange::failed, this, &ModelTurn::broke);
}

Result<void> ModelTurn::noteRequest(const model::Request& request)
{
    // Items stand in the records of their own; here are only the digests of those that are new to the model.
    const Progress& progress = m_context.recorder.progress();
    const std::span<const model::Item> fresh = std::span(request.items).subspan(progress.sentItems());
    const std::string parameters = model::parametersDigest(request);
    m_requestDigest = model::requestDigest(progress.requestDigest(), fresh, parameters);
    json items = json::array();
    for (const model::Item& item : fresh)
        items.push_back({{"kind", model::itemKind(item)}, {"sha256", model::itemDigest(item)}});
    const std::uint64_t turn = progress.turns() + (progress.requestOpen() ? 0 : 1);
    return m_context.recorder.note(agentEvent(EventType::ModelRequest, request.agent,
                                              {{"agent", request.agent},
                                               {"model", m_context.plan.model.name},
                                               {"turn", turn},
                                               {"prev", progress.requestDigest()},
                                               {"items", std::move(items)},
                                               {"paramsDigest", parameters},
                                               {"reqDigest", m_requestDigest}},
                                              m_span));
}

void ModelTurn::retrying(const model::RetryNotice& notice)
{
    json data = {{"attempt", notice.attempt},
                 {"status", notice.status},
                 {"retryAfterMs", notice.retryAfter.count()},
                 {"reason", notice.reason.format()},
                 {"discardedBytes", notice.discardedBytes}};
    if (notice.demanded.count() >= 0)
        data["demandedMs"] = notice.demanded.count();
    const auto noted = m_context.recorder.note(agentEvent(EventType::ModelRetry, m_context.plan.agent.name, std::move(data), m_span));
    if (!noted)
        broke(noted.error());
}

Result<void> ModelTurn::noteResponse(const model::Response& response)
{
    GH_ASSIGN(json text, m_context.recorder.payload(response.text));
    json calls = json::array();
    for (const model::ToolCall& call : response.calls) {
        GH_ASSIGN(json arguments,
                  response.calls.size() > 1 ? m_context.recorder.blob(call.arguments) : m_context.recorder.payload(call.arguments));
        calls.push_back({{"id", call.id}, {"name", call.name}, {"arguments", std::move(arguments)}});
    }
    return m_context.recorder.note(agentEvent(EventType::ModelResponse, m_context.plan.agent.name,
                                              {{"reqDigest", m_requestDigest},
                                               {"text", std::move(text)},
                                               {"calls", std::move(calls)},
                                               {"usage", usageOf(response)},
                                               {"finish", response.finish},
                                               {"providerModel", response.providerModel}},
                                              m_span));
}

// A limit of tokens holds also where the server does not count: about four bytes are one.
json ModelTurn::usageOf(const model::Response& response) const
{
    json usage = json::object();
    if (response.usage.input)
        usage["input"] = *response.usage.input;
    if (response.usage.output)
        usage["output"] = *response.usage.output;
    if (!m_context.plan.agent.limits.tokens || (response.usage.input && response.usage.output))
        return usage;
    std::size_t bytes = response.text.size();
    for (const model::ToolCall& call : response.calls)
        bytes += call.name.size() + call.arguments.size();
    usage.emplace("input", (m_requestBytes + bytesPerToken - 1) / bytesPerToken);
    usage.emplace("output", (bytes + bytesPerToken - 1) / bytesPerToken);
    usage["estimated"] = true;
    return usage;
}

void ModelTurn::answered(const model::Response& response)
{
    const AfterDenial afterDenial = m_context.recorder.progress().deniedLast() ? AfterDenial::Yes : AfterDenial::No;
    if (const auto good = checkResponse(response, placeOf(m_context.plan.model), afterDenial); !good)
        return broke(good.error());
    if (const auto noted = noteResponse(response); !noted)
        return Q_EMIT failed(noted.error());
    Q_EMIT finished();
}

void ModelTurn::broke(const Error& error)
{
    if (error.code != ErrorCode::Record) {
        const char* kind = error.code == ErrorCode::Cancelled ? "cancelled" : "failed";
        const auto noted = m_context.recorder.note(
            agentEvent(EventType::ModelError, m_context.plan.agent.name, {{"reason", errorText(error)}, {"kind", kind}}, m_span));
        if (!noted)
            return Q_EMIT failed(noted.error());
    }
    Q_EMIT failed(error);
}

} // namespace gatehouse::engine
