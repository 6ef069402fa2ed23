// JSON Schema draft 7 through valijson, with words and places that a person can use.
//
// compile() takes our own documents' schemas and those of tools, which may be hostile: "$ref" only within the schema and never round
// in a circle, at most 1 MiB when written out and 64 levels deep. Patterns are RE2's: linear in the text, without look-around and
// back references (an error that names the place). A check that takes too many steps is an error of the value.
// check() is const and may be called from any thread.
#pragma once

#include "core/base/jsondocument.h"
#include "core/base/problem.h"
#include "core/foundation/result.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse {

class JsonSchema {
public:
    // name is for errors (ErrorCode::InvalidInput): "name (/pointer/into/the/schema)".
    [[nodiscard]] static Result<JsonSchema> compile(const nlohmann::json& schema, const std::string& name);
    JsonSchema(JsonSchema&&) noexcept;
    JsonSchema& operator=(JsonSchema&&) noexcept;
    ~JsonSchema();

    // Pointers of the schema's keywords that draft 7 doesn't know and that have no effect.
    [[nodiscard]] std::vector<std::string> unknownKeywords() const;

    // Errors in the order of the text, rule "schema/<keyword>".
    [[nodiscard]] std::vector<Problem> check(const JsonDocument& document) const;
    // Pointer and message of each error.
    [[nodiscard]] std::vector<std::pair<std::string, Message>> check(const nlohmann::json& value) const;
    // Keys that no applicable "properties" or "patternProperties" knows, though the schema doesn't forbid them: warnings, rule
    // "unknown-key", with the nearest known key as a guess. An "additionalProperties" that is a schema or true knows every key.
    [[nodiscard]] std::vector<Problem> unknownKeys(const JsonDocument& document) const;

private:
    struct Compiled; // keeps valijson's headers out of everybody's build
    explicit JsonSchema(std::unique_ptr<const Compiled> compiled);
    std::unique_ptr<const Compiled> m_compiled;
};

} // namespace gatehouse
