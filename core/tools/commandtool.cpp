#include "core/tools/commandtool.h"

#include <nlohmann/json.hpp>

#include "core/base/canonicaljson.h"
#include "core/tools/arguments.h"
#include "core/tools/outcometext.h"
#include "core/tools/truncation.h"
#include "core/workflow/workflow.h"

namespace gatehouse::tools {

using execution::ExecOutcome;
using execution::PreparedCall;
using execution::ToolCall;
using execution::ToolOutcome;

namespace {

constexpr const char* toolsFolder = "/opt/tools";
constexpr const char* argumentsVariable = "GATEHOUSE_ARGUMENTS_FILE";
constexpr std::uint64_t errorTokens = 2000;

// A name without a slash is looked up on the PATH; one with a slash stands in the tools' folder.
std::vector<std::string> resolvedCommand(std::vector<std::string> command)
{
    std::string& program = command.front();
    if (program.find('/') != std::string::npos && program.front() != '/')
        program.insert(0, std::string(toolsFolder) + '/');
    return command;
}

std::string withoutFinalNewline(std::string text)
{
    if (text.ends_with('\n'))
        text.pop_back();
    return text;
}

std::string failureText(const std::string& name, const ExecOutcome& outcome)
{
    const std::string error = streamText(outcome.error);
    return "The tool " + name + " failed. " + endText(outcome) + '\n' +
        truncateOutput(error.empty() ? streamText(outcome.output) : error, errorTokens);
}

class CommandTool final : public execution::Tool {
public:
    CommandTool(execution::ToolSchema schema, ArgumentReader reader, const workflow::CommandTool& command)
        : m_schema(std::move(schema)), m_reader(std::move(reader)), m_command(resolvedCommand(command.command)), m_timeout(command.timeout)
    {
    }

    const execution::ToolSchema& schema() const override { return m_schema; }

    Result<PreparedCall> prepare(const ToolCall& call, const execution::WorkspaceReader&) const override
    {
        GH_TRY(m_reader.read(call));
        const std::string arguments = call.arguments.empty() ? "{}" : call.arguments;
        execution::ExecRequest request;
        request.argv = m_command;
        request.workdir = toolsFolder;
        request.standardInput = arguments;
        request.files = {{argumentsVariable, arguments}};
        request.timeout = m_timeout;
        PreparedCall prepared;
        prepared.call = call;
        prepared.argv = m_command;
        prepared.effect = execution::CommandEffect{std::move(request)};
        return prepared;
    }

    Result<ToolOutcome> perform(const PreparedCall& prepared, execution::SandboxSession& sandbox, execution::ExecObserver* observer,
                                const CancelToken& cancel) const override
    {
        const auto* effect = std::get_if<execution::CommandEffect>(&prepared.effect);
        if (!effect)
            return fail(ErrorCode::Internal, m_schema.name, "The prepared call holds no command");
        GH_ASSIGN(ExecOutcome outcome, sandbox.exec(effect->request, observer, cancel));
        if (outcome.changesError)
            return std::unexpected(*outcome.changesError);
        ToolOutcome out;
        out.error = !succeeded(outcome);
        out.text = out.error ? failureText(m_schema.name, outcome)
                             : truncateOutput(withoutFinalNewline(streamText(outcome.output)), defaultOutputTokens);
        out.changes = outcome.changes;
        out.exec = std::move(outcome);
        return out;
    }

private:
    execution::ToolSchema m_schema;
    ArgumentReader m_reader;
    std::vector<std::string> m_command;
    std::optional<std::chrono::milliseconds> m_timeout;
};

} // namespace

Result<std::unique_ptr<execution::Tool>> makeCommandTool(const workflow::ToolDefinition& definition)
{
    const auto* command = std::get_if<workflow::CommandTool>(&definition.kind);
    if (!command)
        return fail(ErrorCode::Unsupported, definition.where,
                    Message("The tool \"%1\" is of a kind that can't be run yet", {definition.name}));
    if (command->command.empty() || command->command.front().empty())
        return fail(ErrorCode::InvalidInput, definition.where, Message("The tool \"%1\" has no command", {definition.name}));
    for (const std::string& word : command->command)
        if (word.size() + std::string_view(toolsFolder).size() >= maximumCommandWord || word.find('\0') != std::string::npos)
            return fail(ErrorCode::InvalidInput, definition.where,
                        Message("A word of the command of \"%1\" can't be passed to a program", {definition.name}),
                        "It must be shorter than 128 KiB and hold no NUL character");
    GH_ASSIGN(std::string parameters, canonicalJson(definition.parameters, CanonicalNumbers::Any));
    GH_ASSIGN(ArgumentReader reader, ArgumentReader::create(definition.name, definition.parameters));
    execution::ToolSchema schema{definition.name, definition.description, std::move(parameters)};
    return std::unique_ptr<execution::Tool>(std::make_unique<CommandTool>(std::move(schema), std::move(reader), *command));
}

} // namespace gatehouse::tools
