#include "core/model/conversation.h"

namespace gatehouse::model {

std::string_view itemKind(const Item& item)
{
    static constexpr std::string_view names[] = {"user", "assistant", "tool_call", "tool_result"};
    static_assert(std::variant_size_v<Item> == std::size(names));
    return names[item.index()];
}

std::vector<Item> itemsOf(const Response& response)
{
    std::vector<Item> items;
    if (!response.text.empty() || response.calls.empty())
        items.emplace_back(AssistantMessage{response.text});
    for (const ToolCall& call : response.calls)
        items.emplace_back(call);
    return items;
}

} // namespace gatehouse::model
