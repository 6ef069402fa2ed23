#include "core/tools/patcharguments.h"

#include <nlohmann/json.hpp>

namespace gatehouse::tools {

using nlohmann::json;

namespace {

constexpr std::string_view patchStart = "*** Begin Patch";

std::unexpected<Error> failOperation(Message why)
{
    return fail(ErrorCode::InvalidInput, "arguments: operation", std::move(why));
}

std::string headerOf(const std::string& type)
{
    return type == "create_file" ? "*** Add File: " : type == "update_file" ? "*** Update File: " : "*** Delete File: ";
}

// One operation as a section. Its diff must not be able to end it and start another.
Result<std::string> sectionOf(const json& operation)
{
    const std::string type = operation.at("type").get<std::string>();
    const std::string path = operation.at("path").get<std::string>();
    std::string diff = stringOr(operation, "diff", {});
    if (path.find_first_of("\r\n") != std::string::npos)
        return failOperation("The path holds a line break");
    if ((type == "delete_file") != diff.empty())
        return failOperation(type == "delete_file" ? "A deleted file has no \"diff\"" : "The \"diff\" is missing");
    if (!diff.empty() && diff.back() != '\n')
        diff += '\n';
    for (std::size_t at = 0; at < diff.size(); at = diff.find('\n', at) + 1)
        if (diff.compare(at, 3, "***") == 0 && diff.compare(at, 15, "*** End of File") != 0)
            return failOperation("The \"diff\" holds a header; each operation is about one file");
    return headerOf(type) + path + '\n' + diff;
}

Result<std::string> textOf(const json& arguments)
{
    if (arguments.size() != 1)
        return fail(ErrorCode::InvalidInput, "arguments", "Give exactly one of \"patch\", \"operation\" and \"operations\"");
    if (const auto patch = arguments.find("patch"); patch != arguments.end())
        return patch->get<std::string>();
    std::string out = std::string(patchStart) + '\n';
    const json operations = arguments.contains("operations") ? arguments.at("operations") : json::array({arguments.at("operation")});
    for (const json& operation : operations) {
        GH_ASSIGN(const std::string section, sectionOf(operation));
        out += section;
    }
    return out + "*** End Patch\n";
}

} // namespace

json patchParameters()
{
    const json operation = {{"type", "object"},
                            {"properties",
                             {{"type", {{"enum", {"create_file", "update_file", "delete_file"}}}},
                              {"path", {{"type", "string"}}},
                              {"diff", {{"type", "string"}}}}},
                            {"required", {"type", "path"}},
                            {"additionalProperties", false}};
    return {{"type", "object"},
            {"properties",
             {{"patch", {{"type", "string"}, {"description", "The whole patch, from \"*** Begin Patch\" to \"*** End Patch\"."}}},
              {"operation", operation},
              {"operations", {{"type", "array"}, {"items", operation}, {"minItems", 1}}}}},
            {"additionalProperties", false}};
}

Result<V4aPatch> readPatch(const execution::ToolCall& call, const ArgumentReader& reader)
{
    if (call.arguments.starts_with(patchStart))
        return parsePatch(call.arguments);
    if (call.arguments.starts_with('"')) {
        GH_ASSIGN(const JsonDocument text, JsonDocument::parse(call.arguments, "arguments"));
        if (text.value().is_string())
            return parsePatch(text.value().get<std::string>());
    }
    GH_ASSIGN(const JsonDocument document, reader.read(call));
    GH_ASSIGN(const std::string text, textOf(document.value()));
    return parsePatch(text);
}

} // namespace gatehouse::tools
