#include "core/model/digest.h"

#include "core/foundation/hex.h"
#include "core/foundation/sha256.h"

#include <initializer_list>
#include <string_view>

namespace gatehouse::model {
namespace {

class FieldHash {
public:
    FieldHash(std::initializer_list<std::string_view> fields)
    {
        for (const std::string_view field : fields)
            add(field);
    }
    void add(std::string_view field)
    {
        m_hash.update(std::to_string(field.size()) + ':');
        m_hash.update(field);
    }
    [[nodiscard]] std::string hex() { return toHex(m_hash.finish()); }

private:
    Sha256 m_hash;
};

struct ItemFields {
    FieldHash& hash;
    void operator()(const UserMessage& item) const { hash.add(item.text); }
    void operator()(const AssistantMessage& item) const { hash.add(item.text); }
    void operator()(const ToolCallItem& item) const
    {
        hash.add(item.id);
        hash.add(item.name);
        hash.add(item.arguments);
    }
    void operator()(const ToolResultItem& item) const
    {
        hash.add(item.callId);
        hash.add(item.text);
    }
};

template <typename Value> nlohmann::json orNull(const std::optional<Value>& value)
{
    return value ? nlohmann::json(*value) : nlohmann::json();
}

nlohmann::json choiceJson(const std::optional<ToolChoice>& choice)
{
    static constexpr const char* names[] = {"auto", "required", "none"};
    return choice ? nlohmann::json(names[static_cast<int>(*choice)]) : nlohmann::json();
}

} // namespace

std::string itemDigest(const Item& item)
{
    FieldHash hash{"gatehouse:item/1", itemKind(item)};
    std::visit(ItemFields{hash}, item);
    return hash.hex();
}

nlohmann::json parametersJson(const Request& request)
{
    nlohmann::json tools = nlohmann::json::array();
    for (const ToolDescription& tool : request.tools)
        tools.push_back({{"name", tool.name}, {"description", tool.description}, {"parameters", tool.parameters}});
    const Parameters& p = request.parameters;
    // Every member stands there, absent ones as null, so that a new parameter can't change an old digest's meaning.
    return {{"agent", request.agent},
            {"model", request.model},
            {"instructions", request.instructions},
            {"tools", std::move(tools)},
            {"temperature", orNull(p.temperature)},
            {"topP", orNull(p.topP)},
            {"maxOutputTokens", orNull(p.maxOutputTokens)},
            {"parallelToolCalls", orNull(p.parallelToolCalls)},
            {"toolChoice", choiceJson(p.toolChoice)},
            {"reasoningEffort", orNull(p.reasoningEffort)}};
}

std::string parametersDigest(const Request& request)
{
    // nlohmann's objects are sorted by key, and dump() without indentation has one spelling per value.
    const std::string text = parametersJson(request).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return FieldHash{"gatehouse:model-parameters/1", text}.hex();
}

std::string requestDigest(const std::string& previousDigest, std::span<const Item> newItems, const std::string& parametersDigest)
{
    FieldHash hash{"gatehouse:model-request/1", previousDigest, parametersDigest};
    for (const Item& item : newItems)
        hash.add(itemDigest(item));
    return hash.hex();
}

} // namespace gatehouse::model
