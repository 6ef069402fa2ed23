// A JSON Schema as valijson gets it: everything that it would match with std::regex, which a hostile schema could make run for
// years or out of its stack, is done by RE2 in time linear in the text; unique items are found without comparing all pairs, and the
// steps of one check are counted. Internal to core/base.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <set>
#include <string>

namespace valijson {
class ConstraintBuilder;
}

namespace gatehouse {

[[nodiscard]] bool hasPatternProperties(const nlohmann::json& schema);
// keys: all that occur in the value to check, for "patternProperties": each that matches becomes a property of its own.
[[nodiscard]] nlohmann::json rewriteSchema(const nlohmann::json& schema, const std::set<std::string>& keys);

// The keyword that rewriteSchema() puts into every subschema, and what makes a constraint of it. Its errors read as valijson's.
[[nodiscard]] const std::string& rewrittenKeyword();
[[nodiscard]] const valijson::ConstraintBuilder* rewrittenBuilder();
// Of the check that runs on this thread: how many steps it may take. Past them it throws std::runtime_error.
void setSchemaSteps(std::size_t steps);

} // namespace gatehouse
