#include "core/policy/point.h"

#include <algorithm>
#include <array>

namespace gatehouse::policy {

namespace {

constexpr std::array<std::string_view, pointCount> names = {
    "run.open", "input", "model.request", "model.response", "tool", "tool.result", "egress", "file.write", "credential", "merge", "export",
};

struct Field {
    std::string_view name;
    FieldType type;
};

constexpr Field common[] = {
    {"agent", FieldType::Text},     {"class", FieldType::Text}, {"point", FieldType::Text},
    {"requester", FieldType::Text}, {"text", FieldType::Text},  {"workflow", FieldType::Text},
};
constexpr Field runOpen[] = {{"profile", FieldType::Text}, {"template", FieldType::Text}};
constexpr Field model[] = {{"model", FieldType::Text}};
constexpr Field tool[] = {
    {"arguments", FieldType::Any},      {"command", FieldType::Any},
    {"command.argv", FieldType::Texts}, {"command.environment", FieldType::Texts},
    {"command.kind", FieldType::Text},  {"command.redirects", FieldType::Texts},
    {"effects", FieldType::Texts},      {"tool", FieldType::Text},
};
constexpr Field toolResult[] = {{"tool", FieldType::Text}};
constexpr Field egress[] = {
    {"bytes", FieldType::Number}, {"host", FieldType::Text},   {"method", FieldType::Text},
    {"path", FieldType::Text},    {"port", FieldType::Number}, {"scheme", FieldType::Text},
};
constexpr Field fileWrite[] = {{"bytes", FieldType::Number}, {"executable", FieldType::Boolean}, {"path", FieldType::Text}};
constexpr Field credential[] = {{"credential", FieldType::Text}, {"kind", FieldType::Text}, {"scope", FieldType::Text}};
constexpr Field merge[] = {{"branch", FieldType::Text}, {"paths", FieldType::Texts}, {"repository", FieldType::Text}};
constexpr Field exported[] = {{"path", FieldType::Text}, {"sink", FieldType::Text}};

std::span<const Field> ownFields(Point point)
{
    switch (point) {
    case Point::RunOpen:
        return runOpen;
    case Point::Input:
        return {};
    case Point::ModelRequest:
    case Point::ModelResponse:
        return model;
    case Point::Tool:
        return tool;
    case Point::ToolResult:
        return toolResult;
    case Point::Egress:
        return egress;
    case Point::FileWrite:
        return fileWrite;
    case Point::Credential:
        return credential;
    case Point::Merge:
        return merge;
    case Point::Export:
        return exported;
    }
    return {};
}

bool isIndex(std::string_view text)
{
    return !text.empty() && text.size() <= 4 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
        (text.size() == 1 || text[0] != '0');
}

} // namespace

std::string_view pointName(Point point)
{
    return names[static_cast<std::size_t>(point)];
}

std::optional<Point> pointFromName(std::string_view name)
{
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<Point>(found - names.begin());
}

std::vector<std::string_view> pointNames()
{
    return {names.begin(), names.end()};
}

std::optional<FieldType> fieldType(Point point, std::string_view field)
{
    for (const auto fields : {std::span<const Field>(common), ownFields(point)}) {
        const auto found = std::ranges::find(fields, field, &Field::name);
        if (found != fields.end())
            return found->type;
    }
    if (point != Point::Tool)
        return std::nullopt;
    constexpr std::string_view arguments = "arguments.", argv = "command.argv.";
    if (field.starts_with(arguments) && field.size() > arguments.size())
        return FieldType::Any;
    if (field.starts_with(argv) && isIndex(field.substr(argv.size())))
        return FieldType::Text;
    return std::nullopt;
}

std::vector<std::string_view> fieldNames(Point point)
{
    std::vector<std::string_view> result;
    for (const auto fields : {std::span<const Field>(common), ownFields(point)})
        for (const Field& field : fields)
            result.push_back(field.name);
    std::ranges::sort(result);
    return result;
}

} // namespace gatehouse::policy
