#include "core/base/jsonschema.h"
#include "core/workflow/readcontext.h"

#include <re2/re2.h>

#include <algorithm>

namespace gatehouse::workflow {

namespace {

void checkName(const std::string& name, const Node& node)
{
    static const RE2 expression("[A-Za-z0-9_-]{1,64}");
    if (!RE2::FullMatch(name, expression))
        node.keyError(Message("\"%1\" is no name for a tool: letters, digits, _ and -, at most 64", {name}), "tool-name");
    else if (std::ranges::find(builtinToolNames(), name) != builtinToolNames().end())
        node.keyError(Message("\"%1\" is a built-in tool's name", {name}), "tool-name");
}

// The model's call is checked against it, so it must be a schema of an object.
void checkParameters(const Node& node)
{
    if (!node.isObject())
        return;
    const auto compiled = JsonSchema::compile(node.value(), "parameters");
    if (!compiled)
        node.error(Message("The parameters are no JSON Schema: %1: %2", {compiled.error().where, compiled.error().why.format()}),
                   "tool-parameters");
    else if (node.at("type") && node.at("type").text() != "object")
        node.at("type").error("The parameters of a tool are an object", "tool-parameters");
    for (const std::string& keyword : compiled ? compiled->unknownKeywords() : std::vector<std::string>())
        node.warning(Message("The keyword %1 of the parameters is not known and has no effect", {keyword}), "unknown-key");
}

CommandTool readCommand(const Node& node)
{
    CommandTool out;
    out.command = node.at("command").texts();
    out.timeout = node.at("timeout").parsed(parseDuration, "duration");
    if (out.timeout && out.timeout->count() == 0)
        node.at("timeout").error("A timeout is longer than nothing", "duration");
    for (const Node& part : node.at("command").items()) {
        if (part.text().find('\0') != std::string::npos)
            part.error("An argument can't hold a NUL", "tool-command");
    }
    if (!out.command.empty() && out.command.front().empty())
        node.at("command").items().front().error("The command is empty", "tool-command");
    return out;
}

HttpTool readHttp(const Node& node, const ReadContext& context)
{
    HttpTool out{node.at("method").text(), node.at("url").text(), node.at("credential").text()};
    if (!out.credential.empty() && !context.project.credentials.contains(out.credential))
        node.at("credential").error(Message("The project has no credential \"%1\"", {out.credential}), "unknown-credential");
    context.notSupported(node, "HTTP tools");
    return out;
}

ToolDefinition readTool(const std::string& name, const Node& node, const Workflow& workflow, const ReadContext& context)
{
    ToolDefinition out;
    checkName(name, node);
    out.name = name;
    out.where = node.where();
    out.description = node.at("description").text();
    out.parameters = node.at("parameters").isObject() ? node.at("parameters").value() : nlohmann::json::object();
    checkParameters(node.at("parameters"));
    out.impact = classFromName(node.at("impact").text()).value_or(ExecutionClass::Draft);
    if (out.impact > workflow.executionClass)
        node.at("impact").error(Message("A %1 tool needs a workflow of that class at least; this one is %2",
                                        {std::string(className(out.impact)), std::string(className(workflow.executionClass))}),
                                "class-too-low");
    if (node.isObject() && node.at("command").isNull() == node.at("http").isNull())
        node.keyError("A tool has either command or http", "tool-command");
    if (!node.at("http").isNull())
        out.kind = readHttp(node.at("http"), context);
    else
        out.kind = readCommand(node);
    return out;
}

} // namespace

std::map<std::string, ToolDefinition> readTools(const Node& node, const Workflow& workflow, const ReadContext& context)
{
    std::map<std::string, ToolDefinition> out;
    for (const auto& [name, tool] : node.members())
        out.emplace(name, readTool(name, tool, workflow, context));
    return out;
}

} // namespace gatehouse::workflow
