// What makes a JSON Schema unfit for use, found before anything is made of it. Internal to core/base.
#pragma once

#include "core/foundation/error.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace gatehouse {

// Pointer into the schema and what is wrong there: too deep, by itself or through its references, a "$ref" that is not local or leads
// to no schema or round in a circle, a pattern that RE2 doesn't take.
struct SchemaDefect {
    std::string pointer;
    Message message;
};
[[nodiscard]] std::optional<SchemaDefect> schemaDefect(const nlohmann::json& schema);
// Pointers of the keywords that draft 7 doesn't know.
[[nodiscard]] std::vector<std::string> unknownKeywords(const nlohmann::json& schema);

} // namespace gatehouse
