// What is said to a model and what it answers: items, requests, responses. Values; any thread; text is UTF-8 unless said.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gatehouse::model {

struct UserMessage {
    std::string text;
    bool operator==(const UserMessage&) const = default;
};

struct AssistantMessage {
    std::string text;
    bool operator==(const AssistantMessage&) const = default;
};

struct ToolCallItem {
    std::string id;
    std::string name;
    std::string arguments; // the model's text, byte for byte; it may not be JSON
    bool operator==(const ToolCallItem&) const = default;
};

struct ToolResultItem {
    std::string callId;
    std::string text; // exactly what the model sees
    bool operator==(const ToolResultItem&) const = default;
};

// The items of one model turn stand together (its message, if it said anything, then its calls); the results of its
// calls follow, in the order of the calls.
using Item = std::variant<UserMessage, AssistantMessage, ToolCallItem, ToolResultItem>;

// "user", "assistant", "tool_call", "tool_result": the names of the journal.
[[nodiscard]] std::string_view itemKind(const Item& item);
// The items that a response adds to the conversation; empty text adds no message unless there is nothing else.
struct Response;
[[nodiscard]] std::vector<Item> itemsOf(const Response& response);

struct ToolDescription {
    std::string name; // [A-Za-z0-9_-]{1,64}
    std::string description;
    nlohmann::json parameters; // a JSON Schema, an object
};

enum class ToolChoice { Auto, Required, None };

// Absent: the server's default; nothing is sent.
struct Parameters {
    std::optional<double> temperature;
    std::optional<double> topP;
    std::optional<std::uint64_t> maxOutputTokens;
    std::optional<bool> parallelToolCalls;
    std::optional<ToolChoice> toolChoice;
    std::optional<std::string> reasoningEffort; // the provider's word
};

struct Request {
    std::string agent; // chooses the script of a scripted model; not sent to a server
    std::string model; // the provider's name of it; empty: the client's own
    std::string instructions;
    std::vector<Item> items;
    std::vector<ToolDescription> tools;
    Parameters parameters;
};

// Tokens as the provider counts them; absent when it did not say.
struct Usage {
    std::optional<std::uint64_t> input;
    std::optional<std::uint64_t> output;
    std::optional<std::uint64_t> cachedInput; // part of input
    std::optional<std::uint64_t> reasoning;   // part of output
    bool operator==(const Usage&) const = default;
};

using ToolCall = ToolCallItem;

struct Response {
    std::string text;
    std::vector<ToolCall> calls;
    Usage usage;
    // The provider's word: "stop", "tool_calls", "length", "content_filter" … "length" means that the answer is cut.
    std::string finish;
    std::string providerModel; // what the provider says answered; may be empty
    bool operator==(const Response&) const = default;
};

} // namespace gatehouse::model
