#include "core/workflow/schemas.h"

#include "core/base/jsondocument.h"
#include "resources/resources.h"

#include <cstdio>
#include <cstdlib>
#include <map>

namespace gatehouse::workflow {

static constexpr std::string_view folder = "schemas/";
static constexpr std::string_view suffix = ".schema.json";

// Our own schemas are part of the program: one that doesn't compile is a defect that no caller could handle.
[[noreturn]] static void defect(const Error& error)
{
    std::fprintf(stderr, "gatehouse: embedded schema: %s\n", error.toString().c_str());
    std::abort();
}

static JsonSchema compile(const std::string& name)
{
    auto document = JsonDocument::parse(std::string(schemaText(name).value_or("")), name);
    if (!document)
        defect(document.error());
    auto schema = JsonSchema::compile(document->value(), name);
    if (!schema)
        defect(schema.error());
    return *std::move(schema);
}

std::vector<std::string> schemaNames()
{
    std::vector<std::string> out;
    for (const auto& resource : resources::all()) {
        if (resource.path.starts_with(folder) && resource.path.ends_with(suffix))
            out.emplace_back(resource.path.substr(folder.size(), resource.path.size() - folder.size() - suffix.size()));
    }
    return out;
}

std::optional<std::string_view> schemaText(std::string_view name)
{
    return resources::find(std::string(folder) + std::string(name) + std::string(suffix));
}

const JsonSchema& compiledSchema(std::string_view name)
{
    static const auto schemas = [] {
        std::map<std::string, JsonSchema, std::less<>> out;
        for (const std::string& each : schemaNames())
            out.emplace(each, compile(each));
        return out;
    }();
    return schemas.find(name)->second;
}

} // namespace gatehouse::workflow
