// A tool call's arguments: the model's text, parsed strictly and checked against the tool's schema. Internal to core/tools.
#pragma once

#include "core/base/jsondocument.h"
#include "core/base/jsonschema.h"
#include "core/execution/tool.h"
#include "core/foundation/result.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>

namespace gatehouse::tools {

inline constexpr std::size_t maximumArgumentBytes = 8u << 20;
// A word of a command line: MAX_ARG_STRLEN without its NUL. The kernel starts no program with a longer one.
inline constexpr std::size_t maximumCommandWord = (128u << 10) - 1;

class ArgumentReader {
public:
    // An error when the schema can't be used.
    [[nodiscard]] static Result<ArgumentReader> create(const std::string& tool, const nlohmann::json& schema);
    // ErrorCode::InvalidInput with "arguments:line:column" and what is wrong; duplicate keys are refused.
    [[nodiscard]] Result<JsonDocument> read(const execution::ToolCall& call) const;

private:
    explicit ArgumentReader(std::shared_ptr<const JsonSchema> schema) : m_schema(std::move(schema)) { }
    // Shared: readers are copied into tools, the compiled schema is not.
    std::shared_ptr<const JsonSchema> m_schema;
};

// The member, or the fallback when it is absent or null.
[[nodiscard]] std::string stringOr(const nlohmann::json& object, const char* key, const std::string& fallback);
[[nodiscard]] bool boolOr(const nlohmann::json& object, const char* key, bool fallback);

} // namespace gatehouse::tools
