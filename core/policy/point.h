// The intervention points and the fields that a rule may name at each. Constant tables; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace gatehouse::policy {

enum class Point { RunOpen, Input, ModelRequest, ModelResponse, Tool, ToolResult, Egress, FileWrite, Credential, Merge, Export };

inline constexpr std::size_t pointCount = 11;

// The names of documents: "run.open", "input", … "export".
[[nodiscard]] std::string_view pointName(Point point);
[[nodiscard]] std::optional<Point> pointFromName(std::string_view name);
[[nodiscard]] std::vector<std::string_view> pointNames();

enum class FieldType {
    Text,   // one string
    Number, // an integer
    Boolean,
    Texts, // an array of strings
    Any,   // whatever a tool's arguments hold
};

// The type of a field as rules write it ("class", "arguments.city", "command.argv.0"), if the point has it.
[[nodiscard]] std::optional<FieldType> fieldType(Point point, std::string_view field);
// For advice: the fields of a point, alphabetical.
[[nodiscard]] std::vector<std::string_view> fieldNames(Point point);

} // namespace gatehouse::policy
