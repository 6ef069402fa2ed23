// Files that are built into the programs: JSON Schemas and sample projects. Constant data; any thread. No Qt, no JSON.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace gatehouse::resources {

struct Resource {
    std::string_view path; // beneath resources/, such as "schemas/policy.schema.json"
    std::string_view bytes;
};

// All of them, ordered by path.
[[nodiscard]] std::span<const Resource> all();
[[nodiscard]] std::optional<std::string_view> find(std::string_view path);

} // namespace gatehouse::resources
