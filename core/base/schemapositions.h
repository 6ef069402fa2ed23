// Where a JSON Schema has schemas. Internal to core/base.
#pragma once

#include <nlohmann/json.hpp>

#include <array>
#include <functional>
#include <string>
#include <string_view>

namespace gatehouse::schemapositions {

// Where subschemas stand beneath a schema.
inline constexpr std::array singles = {
    "additionalItems", "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"};
inline constexpr std::array lists = {"allOf", "anyOf", "items", "oneOf"};
inline constexpr std::array maps = {"definitions", "$defs", "dependencies", "patternProperties", "properties"};
// Those that speak about the same value.
inline constexpr std::array sameSingles = {"else", "if", "not", "then"};
inline constexpr std::array sameLists = {"allOf", "anyOf", "oneOf"};

inline constexpr auto others =
    std::to_array<std::string_view>({"$comment",         "$id",       "$ref",          "$schema",   "const",         "contentEncoding",
                                     "contentMediaType", "default",   "description",   "enum",      "examples",      "exclusiveMaximum",
                                     "exclusiveMinimum", "format",    "maxItems",      "maxLength", "maxProperties", "maximum",
                                     "minItems",         "minLength", "minProperties", "minimum",   "multipleOf",    "pattern",
                                     "readOnly",         "required",  "title",         "type",      "uniqueItems",   "writeOnly"});

[[nodiscard]] inline bool isSchema(const nlohmann::json& value)
{
    return value.is_object() || value.is_boolean();
}

using Visit = std::function<void(const std::string& pointer, const nlohmann::json& schema)>;
// The schema itself and each subschema, however deep: references are not followed.
void visitAll(const std::string& pointer, const nlohmann::json& schema, const Visit& visit);

} // namespace gatehouse::schemapositions
