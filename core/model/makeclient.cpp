#include "core/model/makeclient.h"

#include "core/model/chatcompletionsclient.h"

namespace gatehouse::model {
namespace {

using workflow::ModelApi;
using workflow::ModelDefinition;

ScriptedTurn scriptedTurn(const workflow::ScriptTurn& from)
{
    ScriptedTurn turn;
    for (const workflow::ScriptExpectation& expected : from.expect)
        turn.expect.push_back({expected.call, expected.matches});
    for (const workflow::ScriptCall& call : from.calls)
        turn.calls.push_back({call.id, call.tool, call.arguments});
    turn.text = from.say;
    if (from.final)
        turn.text += (turn.text.empty() || from.final->empty() ? "" : "\n\n") + *from.final;
    turn.usage = {static_cast<std::uint64_t>(from.usage.input), static_cast<std::uint64_t>(from.usage.output), {}, {}};
    turn.where = from.where;
    return turn;
}

Result<std::unique_ptr<ModelClient>> makeScripted(const ModelDefinition& definition, const ClientOverrides& overrides)
{
    GH_ASSIGN(const workflow::Script script, workflow::loadScript(definition.script).take());
    ScriptedOptions options = scriptedOptions(script);
    options.tokensPerSecond = overrides.tokensPerSecond.value_or(options.tokensPerSecond);
    return std::make_unique<ScriptedClient>(std::move(options));
}

Result<std::unique_ptr<ModelClient>> makeChat(const ModelDefinition& definition, KeyRing& keys, const ClientOverrides& overrides)
{
    ChatOptions options;
    options.baseUrl = definition.baseUrl;
    options.model = definition.model;
    options.proxy = overrides.proxy;
    if (definition.silence.count() > 0)
        options.timeouts.idle = definition.silence;
    if (definition.key) {
        GH_ASSIGN(options.key, keys.read(definition.key->toString()));
    }
    Result<std::unique_ptr<ChatCompletionsClient>> client = ChatCompletionsClient::create(std::move(options));
    if (!client)
        return fail(client.error().code, definition.where, client.error().why, client.error().advice);
    return *std::move(client);
}

} // namespace

Result<std::unique_ptr<ModelClient>> makeClient(const ModelDefinition& definition, KeyRing& keys, const ClientOverrides& overrides)
{
    switch (definition.api) {
    case ModelApi::Scripted:
        return makeScripted(definition, overrides);
    case ModelApi::ChatCompletions:
        return makeChat(definition, keys, overrides);
    case ModelApi::Responses:
    case ModelApi::Messages:
        break;
    }
    return fail(ErrorCode::Unsupported, definition.where,
                Message("This version can't talk to %1 models yet", {std::string(workflow::modelApiName(definition.api))}),
                "Use chat-completions, which most servers offer too");
}

Parameters parametersOf(const ModelDefinition& definition)
{
    Parameters parameters;
    parameters.temperature = definition.parameters.temperature;
    parameters.topP = definition.parameters.topP;
    if (definition.parameters.maxOutputTokens)
        parameters.maxOutputTokens = static_cast<std::uint64_t>(*definition.parameters.maxOutputTokens);
    parameters.reasoningEffort = definition.parameters.reasoningEffort;
    return parameters;
}

ScriptedOptions scriptedOptions(const workflow::Script& script)
{
    ScriptedOptions options;
    options.name = script.source.path;
    options.tokensPerSecond = script.tokensPerSecond;
    for (const auto& [agent, scripts] : script.agents) {
        for (const workflow::AgentScript& from : scripts) {
            std::vector<ScriptedTurn> turns;
            for (const workflow::ScriptTurn& turn : from.turns)
                turns.push_back(scriptedTurn(turn));
            if (!turns.empty() && !from.task.empty())
                turns.front().task = from.task;
            options.agents[agent].push_back(std::move(turns));
        }
    }
    return options;
}

} // namespace gatehouse::model
