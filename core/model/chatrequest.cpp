#include "core/model/chatrequest.h"

#include "core/model/excerpt.h"

#include <nlohmann/json.hpp>

#include <set>

namespace gatehouse::model {
namespace {

// Ordered, so that a request reads as people write it.
using json = nlohmann::ordered_json;

class Messages {
public:
    explicit Messages(const std::string& instructions)
    {
        if (!instructions.empty())
            m_messages.push_back({{"role", "system"}, {"content", instructions}});
    }

    Result<void> operator()(const UserMessage& item)
    {
        GH_TRY(endTurn());
        m_messages.push_back({{"role", "user"}, {"content", item.text}});
        return {};
    }

    Result<void> operator()(const AssistantMessage& item)
    {
        GH_TRY(endTurn());
        m_messages.push_back({{"role", "assistant"}, {"content", item.text}});
        return {};
    }

    Result<void> operator()(const ToolCallItem& item)
    {
        // A call joins the message of its turn, unless results of earlier calls stand between.
        if (m_messages.empty() || m_messages.back()["role"] != "assistant") {
            GH_TRY(endTurn());
            m_messages.push_back({{"role", "assistant"}, {"content", nullptr}});
        }
        if (!m_open.insert(item.id).second)
            return fail(ErrorCode::InvalidInput, {}, Message("Two tool calls of one turn have the id %1", {excerpt(item.id, 64)}));
        m_messages.back()["tool_calls"].push_back(
            {{"id", item.id}, {"type", "function"}, {"function", {{"name", item.name}, {"arguments", item.arguments}}}});
        return {};
    }

    Result<void> operator()(const ToolResultItem& item)
    {
        if (m_open.erase(item.callId) == 0)
            return fail(ErrorCode::InvalidInput, {}, Message("A tool result answers no open call: %1", {excerpt(item.callId, 64)}));
        m_messages.push_back({{"role", "tool"}, {"tool_call_id", item.callId}, {"content", item.text}});
        return {};
    }

    Result<void> endTurn()
    {
        if (m_open.empty())
            return {};
        return fail(ErrorCode::InvalidInput, {}, Message("Tool call %1 has no result", {excerpt(*m_open.begin(), 64)}));
    }

    [[nodiscard]] json take() { return std::move(m_messages); }

private:
    json m_messages = json::array();
    std::set<std::string> m_open; // calls without a result yet
};

Result<json> messagesOf(const Request& request)
{
    Messages messages(request.instructions);
    for (const Item& item : request.items)
        GH_TRY(std::visit(messages, item));
    GH_TRY(messages.endTurn());
    return messages.take();
}

json toolsOf(const Request& request)
{
    json tools = json::array();
    for (const ToolDescription& tool : request.tools)
        tools.push_back({{"type", "function"},
                         {"function", {{"name", tool.name}, {"description", tool.description}, {"parameters", tool.parameters}}}});
    return tools;
}

// Only what was set, and what needs tools only with tools: servers refuse the rest.
void addParameters(json& body, const Request& request)
{
    const Parameters& p = request.parameters;
    if (p.temperature)
        body["temperature"] = *p.temperature;
    if (p.topP)
        body["top_p"] = *p.topP;
    if (p.maxOutputTokens)
        body["max_tokens"] = *p.maxOutputTokens;
    if (p.reasoningEffort)
        body["reasoning_effort"] = *p.reasoningEffort;
    if (request.tools.empty())
        return;
    body["tools"] = toolsOf(request);
    if (p.parallelToolCalls)
        body["parallel_tool_calls"] = *p.parallelToolCalls;
    static constexpr const char* choices[] = {"auto", "required", "none"};
    if (p.toolChoice)
        body["tool_choice"] = choices[static_cast<int>(*p.toolChoice)];
}

} // namespace

Result<std::string> chatRequestBody(const Request& request, const std::string& model)
{
    GH_ASSIGN(json messages, messagesOf(request));
    json body = {{"model", request.model.empty() ? model : request.model},
                 {"messages", std::move(messages)},
                 {"stream", true},
                 {"stream_options", {{"include_usage", true}}}};
    addParameters(body, request);
    try {
        return body.dump();
    } catch (const json::exception&) {
        return fail(ErrorCode::InvalidInput, {}, "The request holds text that is not UTF-8");
    }
}

} // namespace gatehouse::model
