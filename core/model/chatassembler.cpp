#include "core/model/chatassembler.h"

#include "core/base/utf8.h"
#include "core/model/excerpt.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <set>

namespace gatehouse::model {
namespace {

using nlohmann::json;

constexpr int maximumDepth = 64; // a chunk needs seven
constexpr std::size_t maximumName = 256;
constexpr std::size_t shownBytes = 200;

std::unexpected<Error> bad(Message why)
{
    return fail(ErrorCode::Model, {}, std::move(why));
}

// Nesting is judged before parsing: millions of brackets cost memory that no real chunk needs.
bool isTooDeep(std::string_view text)
{
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            i += c == '\\' ? 1 : 0;
            inString = c != '"';
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (++depth > maximumDepth)
                return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

const json& memberOf(const json& object, const char* name)
{
    static const json absent;
    if (!object.is_object())
        return absent;
    const auto found = object.find(name);
    return found == object.end() ? absent : *found;
}

// Text or nothing; null counts as nothing, as servers send it.
Result<std::optional<std::string>> textOf(const json& object, const char* name)
{
    const json& value = memberOf(object, name);
    if (value.is_null())
        return std::optional<std::string>();
    if (!value.is_string())
        return bad(Message("The server sent a chunk whose %1 is not text: %2", {name, excerpt(value.dump(), shownBytes)}));
    return std::optional<std::string>(value.get<std::string>());
}

// A count that no model reaches is no count; sums of such would not be numbers that a record can hold.
std::optional<std::uint64_t> countOf(const json& object, const char* name)
{
    constexpr std::uint64_t largest = 1'000'000'000'000;
    const json& value = memberOf(object, name);
    return value.is_number_unsigned() && value <= largest ? std::optional(value.get<std::uint64_t>()) : std::nullopt;
}

Result<std::string> shortTextOf(const json& object, const char* name)
{
    GH_ASSIGN(const std::optional<std::string> text, textOf(object, name));
    if (text && text->size() > maximumName)
        return bad(Message("The server sent a chunk whose %1 is longer than %2 bytes", {name, std::to_string(maximumName)}));
    return text.value_or(std::string());
}

} // namespace

Result<std::string> ChatAssembler::add(std::string_view data)
{
    if (m_done)
        return std::string();
    if (data == "[DONE]") {
        m_done = true;
        return std::string();
    }
    if (isTooDeep(data))
        return bad("The server sent a chunk that is nested too deeply");
    const json chunk = json::parse(data, nullptr, false);
    if (chunk.is_discarded())
        return bad(Message("The server sent a chunk that is not JSON: %1", {excerpt(data, shownBytes)}));
    return addChunk(chunk);
}

Result<std::string> ChatAssembler::addChunk(const json& chunk)
{
    if (!chunk.is_object())
        return bad(Message("The server sent a chunk that is not an object: %1", {excerpt(chunk.dump(), shownBytes)}));
    if (const json& error = memberOf(chunk, "error"); !error.is_null()) {
        const json& message = memberOf(error, "message");
        const std::string words = message.is_string() ? message.get<std::string>() : error.dump();
        return bad(Message("The server broke off with an error: %1", {excerpt(words, shownBytes)}));
    }
    if (const json& model = memberOf(chunk, "model"); model.is_string())
        m_providerModel = toValidUtf8(model.get<std::string>().substr(0, maximumName));
    addUsage(memberOf(chunk, "usage"));
    const json& choices = memberOf(chunk, "choices");
    if (choices.is_null())
        return std::string();
    if (!choices.is_array())
        return bad(Message("The server sent a chunk whose choices are not a list: %1", {excerpt(choices.dump(), shownBytes)}));
    std::string text;
    for (const json& choice : choices) {
        GH_ASSIGN(const std::string added, addChoice(choice));
        text += added;
    }
    return text;
}

Result<std::string> ChatAssembler::addChoice(const json& choice)
{
    if (!choice.is_object())
        return bad(Message("The server sent a choice that is not an object: %1", {excerpt(choice.dump(), shownBytes)}));
    // We ask for one answer; a second one is not ours.
    if (const json& index = memberOf(choice, "index"); index.is_number_integer() && index != 0)
        return std::string();
    m_sawChoice = true;
    GH_ASSIGN(const std::string finish, shortTextOf(choice, "finish_reason"));
    if (!finish.empty())
        m_finish = finish;
    const json& delta = memberOf(choice, "delta");
    if (delta.is_null())
        return std::string();
    if (!delta.is_object())
        return bad(Message("The server sent a delta that is not an object: %1", {excerpt(delta.dump(), shownBytes)}));
    return addDelta(delta);
}

Result<std::string> ChatAssembler::addDelta(const json& delta)
{
    GH_ASSIGN(const std::optional<std::string> content, textOf(delta, "content"));
    GH_ASSIGN(const std::optional<std::string> refusal, textOf(delta, "refusal"));
    const json& calls = memberOf(delta, "tool_calls");
    if (!calls.is_null() && !calls.is_array())
        return bad(Message("The server sent tool calls that are not a list: %1", {excerpt(calls.dump(), shownBytes)}));
    for (const json& call : calls)
        GH_TRY(addCallDelta(call));
    m_refused = m_refused || (refusal && !refusal->empty());
    std::string added = content.value_or(std::string()) + refusal.value_or(std::string());
    m_text += added;
    return added;
}

Result<void> ChatAssembler::addCallDelta(const json& delta)
{
    if (!delta.is_object())
        return bad(Message("The server sent a tool call that is not an object: %1", {excerpt(delta.dump(), shownBytes)}));
    const json& function = memberOf(delta, "function");
    GH_ASSIGN(const std::string id, shortTextOf(delta, "id"));
    GH_ASSIGN(const std::string name, shortTextOf(function, "name"));
    GH_ASSIGN(const std::optional<std::string> arguments, textOf(function, "arguments"));
    GH_ASSIGN(Slot* const slot, slotFor(delta, id, name));
    if (!name.empty() && !slot->call.name.empty() && slot->call.name != name)
        return bad(Message("The server changed a tool call's name from %1 to %2", {excerpt(slot->call.name, 64), excerpt(name, 64)}));
    if (!id.empty())
        slot->call.id = id;
    if (!name.empty())
        slot->call.name = name;
    slot->call.arguments += arguments.value_or(std::string());
    return {};
}

Result<ChatAssembler::Slot*> ChatAssembler::slotFor(const json& delta, const std::string& id, const std::string& name)
{
    const json& given = memberOf(delta, "index");
    if (!given.is_null() && !given.is_number_integer())
        return bad(Message("The server sent a tool call whose index is no number: %1", {excerpt(given.dump(), shownBytes)}));
    // Without an index, as some servers send it: a new id begins a call, anything else goes on with the last.
    const std::int64_t last = m_slots.empty() ? 0 : m_slots.back().index;
    const std::int64_t index = given.is_null() ? last : given.get<std::int64_t>();
    // From the back: of calls that share an index only the newest goes on.
    const auto found = std::find_if(m_slots.rbegin(), m_slots.rend(), [index](const Slot& slot) { return slot.index == index; });
    // Others give every call index 0: a new id together with a name begins the next one.
    const bool another = found != m_slots.rend() && !id.empty() && !found->call.id.empty() && found->call.id != id && !name.empty();
    if (found != m_slots.rend() && !another)
        return &*found;
    if (m_slots.size() >= m_maximumCalls)
        return bad(Message("The server sent more than %1 tool calls", {std::to_string(m_maximumCalls)}));
    m_slots.push_back({index, {}});
    return &m_slots.back();
}

void ChatAssembler::addUsage(const json& usage)
{
    if (!usage.is_object())
        return;
    m_usage.input = countOf(usage, "prompt_tokens");
    m_usage.output = countOf(usage, "completion_tokens");
    m_usage.cachedInput = countOf(memberOf(usage, "prompt_tokens_details"), "cached_tokens");
    m_usage.reasoning = countOf(memberOf(usage, "completion_tokens_details"), "reasoning_tokens");
}

Result<void> ChatAssembler::checkCalls() const
{
    std::set<std::string> ids;
    for (const Slot& slot : m_slots) {
        if (slot.call.id.empty())
            return bad(Message("The server sent a call of tool %1 without an id", {excerpt(slot.call.name, 64)}));
        if (slot.call.name.empty())
            return bad(Message("The server sent tool call %1 without a name", {excerpt(slot.call.id, 64)}));
        if (!ids.insert(slot.call.id).second)
            return bad(Message("The server sent two tool calls with the id %1", {excerpt(slot.call.id, 64)}));
    }
    return {};
}

Result<Response> ChatAssembler::take()
{
    GH_TRY(checkCalls());
    if (!m_sawChoice)
        return bad("The server's answer is empty: it ended without a choice");
    Response response{std::move(m_text), {}, m_usage, m_finish, m_providerModel};
    for (Slot& slot : m_slots)
        response.calls.push_back(std::move(slot.call));
    if (m_refused)
        response.finish = "refusal";
    else if (response.finish.empty())
        response.finish = response.calls.empty() ? "stop" : "tool_calls";
    return response;
}

} // namespace gatehouse::model
