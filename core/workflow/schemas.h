// The published JSON Schemas of the documents that people write (draft 7), embedded. Any thread.
#pragma once

#include "core/base/jsonschema.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::workflow {

// "policy", "profile", "project", "script", "workflow".
[[nodiscard]] std::vector<std::string> schemaNames();
// The file's text; absent for an unknown name.
[[nodiscard]] std::optional<std::string_view> schemaText(std::string_view name);
// Compiled once; name must be one of schemaNames().
[[nodiscard]] const JsonSchema& compiledSchema(std::string_view name);

} // namespace gatehouse::workflow
