// Finding one's way in a JSON Schema: which subschemas speak about a value at a pointer. Internal to core/base.
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

class SchemaWalk {
public:
    // The schema must outlive the walk.
    explicit SchemaWalk(const nlohmann::json& schema) : m_root(schema) { }

    using Subschemas = std::vector<const nlohmann::json*>;

    // The schema itself with all that "$ref", "allOf", "anyOf", "oneOf", "if", "then" and "else" bring to the same value.
    [[nodiscard]] Subschemas expand(const nlohmann::json& schema) const;
    [[nodiscard]] Subschemas root() const { return expand(m_root); }
    // Those that speak about the member or element segment of a value under these.
    [[nodiscard]] Subschemas child(const Subschemas& parents, std::string_view segment) const;
    [[nodiscard]] Subschemas at(const nlohmann::json::json_pointer& pointer) const;

private:
    void expandInto(Subschemas& out, const nlohmann::json& schema, unsigned depth) const;
    [[nodiscard]] const nlohmann::json* resolve(const std::string& reference) const;

    const nlohmann::json& m_root;
};

enum class KnownKey { Yes, No, Free }; // Free: nothing is said about the keys here
[[nodiscard]] KnownKey isKnownKey(const SchemaWalk::Subschemas& schemas, const std::string& key);
// The names that "properties" lists, sorted, each once.
[[nodiscard]] std::vector<std::string> propertyNames(const SchemaWalk::Subschemas& schemas);
// The one that is nearest to the word, if any is near: what somebody probably meant.
[[nodiscard]] std::optional<std::string> nearestWord(std::string_view word, const std::vector<std::string>& known);

} // namespace gatehouse
