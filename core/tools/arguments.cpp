#include "core/tools/arguments.h"

#include <nlohmann/json.hpp>

namespace gatehouse::tools {

Result<ArgumentReader> ArgumentReader::create(const std::string& tool, const nlohmann::json& schema)
{
    GH_ASSIGN(JsonSchema compiled, JsonSchema::compile(schema, "tool " + tool));
    return ArgumentReader(std::make_shared<const JsonSchema>(std::move(compiled)));
}

Result<JsonDocument> ArgumentReader::read(const execution::ToolCall& call) const
{
    if (call.arguments.size() > maximumArgumentBytes)
        return fail(ErrorCode::InvalidInput, "arguments", Message("They are larger than %1 bytes", {std::to_string(maximumArgumentBytes)}));
    // Some servers send nothing for a call without arguments.
    GH_ASSIGN(JsonDocument document, JsonDocument::parse(call.arguments.empty() ? "{}" : call.arguments, "arguments"));
    if (!document.value().is_object())
        return fail(ErrorCode::InvalidInput, "arguments", "They must be one JSON object");
    const std::vector<Problem> problems = m_schema->check(document);
    if (problems.empty())
        return document;
    // A model finds a name more easily than a column.
    Error error = firstError(problems);
    if (!problems.front().pointer.empty())
        error.where += " (" + problems.front().pointer + ')';
    return std::unexpected(std::move(error));
}

std::string stringOr(const nlohmann::json& object, const char* key, const std::string& fallback)
{
    const auto found = object.find(key);
    return found == object.end() || !found->is_string() ? fallback : found->get<std::string>();
}

bool boolOr(const nlohmann::json& object, const char* key, bool fallback)
{
    const auto found = object.find(key);
    return found == object.end() || !found->is_boolean() ? fallback : found->get<bool>();
}

} // namespace gatehouse::tools
