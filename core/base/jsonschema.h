// JSON Schema draft 7 through valijson, with words and places that a person can use.
//
// compile() takes our own documents' schemas and those of tools: "$ref" only within the schema, at most
// maximumSchemaBytes when written out, depth as any JsonDocument. check() is const and may be called from any thread.
// Long strings: a "pattern" sees at most the first 8 KiB of a string and then a character that no pattern names, so that a hostile
// document can't exhaust the stack; a maxLength above that is refused at compile().
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
    // name is for errors (ErrorCode::InvalidInput).
    [[nodiscard]] static Result<JsonSchema> compile(const nlohmann::json& schema, const std::string& name);
    JsonSchema(JsonSchema&&) noexcept;
    JsonSchema& operator=(JsonSchema&&) noexcept;
    ~JsonSchema();

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
