#include "core/tools/execcommand.h"

#include <array>
#include <cstdio>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "core/base/canonicaljson.h"
#include "core/foundation/beneath.h"
#include "core/foundation/sha256.h"
#include "core/tools/arguments.h"
#include "core/tools/outcometext.h"
#include "core/tools/truncation.h"
#include "core/workspace/pathname.h"

namespace gatehouse::tools {

using execution::ExecOutcome;
using execution::FileKind;
using execution::PreparedCall;
using execution::ToolCall;
using execution::ToolOutcome;
using nlohmann::json;

namespace {

constexpr const char* toolName = "exec_command";
constexpr const char* defaultShell = "/bin/sh";
constexpr const char* workspaceRoot = "/workspace";
constexpr std::size_t chunkIdDigits = 6;
constexpr std::size_t maximumShellName = 256;
constexpr std::size_t maximumWorkdir = 4000; // PATH_MAX, with "/workspace/" before it

json parameters()
{
    const json optionalString = {{"type", {"string", "null"}}};
    json workdir = optionalString;
    workdir["description"] = "Folder to run in, relative to the workspace. Default: the workspace.";
    json shell = optionalString;
    shell["description"] = "Shell that runs the command. Default: /bin/sh.";
    return {{"type", "object"},
            {"properties",
             {{"cmd", {{"type", "string"}, {"minLength", 1}, {"description", "Shell command to run."}}},
              {"workdir", workdir},
              {"shell", shell},
              {"login",
               {{"type", "boolean"},
                {"default", false},
                {"description", "Run the shell as a login shell, which reads start-up files. Default: false."}}},
              {"tty", {{"type", "boolean"}, {"default", false}, {"description", "A terminal is not available; leave this false."}}},
              {"yield_time_ms",
               {{"type", "integer"},
                {"minimum", 0},
                {"default", 10000},
                {"description", "Without effect: a command runs until it ends or a limit ends it."}}},
              {"max_output_tokens",
               {{"type", {"integer", "null"}},
                {"minimum", 1},
                {"description",
                 "Longest output to return, in tokens of about four bytes; the middle of a longer one is left out. Default: 10000."}}}}},
            {"required", {"cmd"}},
            {"additionalProperties", false}};
}

std::string description(const execution::ResourceLimits& limits)
{
    const auto limit = [](execution::Limit which, std::int64_t maximum) {
        const std::string text = limitText({which, maximum, maximum});
        return text.substr(text.find(" of ") + 4, text.size() - text.find(" of ") - 5);
    };
    return "Runs a shell command in the sandbox and returns its output and exit code. There is no network unless the task says so, and no "
           "terminal. Limits: " +
        limit(execution::Limit::Call, limits.call.count()) + " for a call, " +
        limit(execution::Limit::Memory, static_cast<std::int64_t>(limits.memory)) + " of memory, " + std::to_string(limits.processes) +
        " processes. When the command ends, every process that it started in the background ends too; nothing lives on until the next call "
        "but the "
        "files in /workspace and /tmp.";
}

execution::ToolSchema makeSchema(const execution::ResourceLimits& limits)
{
    return {toolName, description(limits), canonicalJson(parameters()).value_or(std::string())};
}

std::unexpected<Error> failArgument(const char* name, Message why, Message advice = {})
{
    return fail(ErrorCode::InvalidInput, std::string("arguments: ") + name, std::move(why), std::move(advice));
}

// Relative to the workspace; "" is the workspace itself.
Result<std::string> workdirOf(const json& arguments)
{
    std::string path = stringOr(arguments, "workdir", {});
    if (path == workspaceRoot || path.starts_with(std::string(workspaceRoot) + '/'))
        path.erase(0, std::string_view(workspaceRoot).size() + 1);
    while (path.starts_with("./"))
        path.erase(0, 2);
    while (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    if (path.empty() || path == ".")
        return std::string();
    if (path.size() > maximumWorkdir)
        return failArgument("workdir", Message("It is longer than %1 bytes", {std::to_string(maximumWorkdir)}));
    if (!isPlainRelativePath(path))
        return failArgument("workdir", Message("\"%1\" is not a folder inside the workspace", {workspace::shownPath(path)}),
                            "Give it relative to the workspace, without \"..\"");
    return path;
}

// Where the link leads, as far as its own words say.
bool leadsOut(const std::string& link, const std::string& target)
{
    const std::filesystem::path root(workspaceRoot);
    const std::string led = (root / std::filesystem::path(link).parent_path() / target).lexically_normal().string();
    return led != workspaceRoot && !led.starts_with(std::string(workspaceRoot) + '/');
}

// A folder that is plainly not there is told now; a link on the way to it is the sandbox's to judge.
Result<void> checkWorkdir(const std::string& path, const execution::WorkspaceReader& workspace)
{
    if (path.empty())
        return {};
    const auto found = workspace.read(path, maximumWorkdir);
    // Only a file can be longer than that.
    const bool isFile = found ? found->state.kind == FileKind::Regular : found.error().code == ErrorCode::Limit;
    const std::string shown = workspace::shownPath(path);
    if (isFile)
        return failArgument("workdir", Message("\"%1\" is a file", {shown}));
    if (!found)
        return {};
    if (found->state.kind == FileKind::Absent)
        return failArgument("workdir", Message("There is no folder \"%1\" in the workspace", {shown}));
    if (found->state.kind == FileKind::Other)
        return failArgument("workdir", Message("\"%1\" is not a folder", {shown}));
    if (found->state.kind == FileKind::Symlink && leadsOut(path, found->bytes))
        return failArgument("workdir", Message("\"%1\" is a symbolic link that leads out of the workspace", {shown}));
    return {};
}

Result<std::string> shellOf(const json& arguments)
{
    std::string shell = stringOr(arguments, "shell", defaultShell);
    const bool plain = shell.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-/") == std::string::npos;
    if (shell.empty() || shell.size() > maximumShellName || !plain || shell.front() == '-')
        return failArgument("shell", "This is not a shell's name", "Leave it out, or name one such as bash");
    return shell;
}

// From the call's id, so that a replay gives the same one.
std::string chunkId(const ToolCall& call)
{
    return sha256Hex(call.id).substr(0, chunkIdDigits);
}

std::string seconds(std::chrono::milliseconds wall)
{
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.4f", static_cast<double>(wall.count()) / 1000);
    return text.data();
}

std::string resultText(const ToolCall& call, const ExecOutcome& outcome, std::uint64_t maximumTokens)
{
    return "Chunk ID: " + chunkId(call) + "\nWall time: " + seconds(outcome.wall) + " seconds\n" + endText(outcome) +
        "\nOriginal token count: " + std::to_string(tokenCount(writtenBytes(outcome))) + "\nOutput:\n" +
        truncateOutput(mergedText(outcome), maximumTokens);
}

class ExecCommand final : public execution::Tool {
public:
    ExecCommand(const execution::ResourceLimits& limits, ArgumentReader reader) : m_schema(makeSchema(limits)), m_reader(std::move(reader))
    {
    }

    const execution::ToolSchema& schema() const override { return m_schema; }

    Result<PreparedCall> prepare(const ToolCall& call, const execution::WorkspaceReader& workspace) const override
    {
        GH_ASSIGN(const JsonDocument document, m_reader.read(call));
        const json& arguments = document.value();
        const std::string command = arguments.at("cmd").get<std::string>();
        if (command.find('\0') != std::string::npos)
            return failArgument("cmd", "The command holds a NUL character");
        if (command.size() > maximumCommandWord)
            return failArgument("cmd", Message("The command is longer than %1 bytes", {std::to_string(maximumCommandWord)}),
                                "Write it into a file with apply_patch and run that");
        if (boolOr(arguments, "tty", false))
            return failArgument("tty", "A terminal is not available in this sandbox", "Call again with tty false");
        PreparedCall prepared;
        prepared.call = call;
        execution::ExecRequest request;
        GH_ASSIGN(request.workdir, workdirOf(arguments));
        GH_TRY(checkWorkdir(request.workdir, workspace));
        GH_ASSIGN(const std::string shell, shellOf(arguments));
        request.argv = {shell};
        if (boolOr(arguments, "login", false))
            request.argv.emplace_back("-l");
        request.argv.insert(request.argv.end(), {"-c", command});
        prepared.argv = request.argv;
        prepared.effect = execution::CommandEffect{std::move(request)};
        return prepared;
    }

    Result<ToolOutcome> perform(const PreparedCall& prepared, execution::SandboxSession& sandbox, execution::ExecObserver* observer,
                                const CancelToken& cancel) const override
    {
        const auto* effect = std::get_if<execution::CommandEffect>(&prepared.effect);
        if (!effect)
            return fail(ErrorCode::Internal, toolName, "The prepared call holds no command");
        GH_ASSIGN(const std::uint64_t maximumTokens, tokensOf(prepared.call));
        GH_ASSIGN(ExecOutcome outcome, sandbox.exec(effect->request, observer, cancel));
        if (outcome.changesError)
            return std::unexpected(*outcome.changesError);
        ToolOutcome out;
        out.text = resultText(prepared.call, outcome, maximumTokens);
        out.error = !succeeded(outcome);
        out.changes = outcome.changes;
        out.exec = std::move(outcome);
        return out;
    }

private:
    Result<std::uint64_t> tokensOf(const ToolCall& call) const
    {
        GH_ASSIGN(const JsonDocument document, m_reader.read(call));
        const auto found = document.value().find("max_output_tokens");
        return found == document.value().end() || found->is_null() ? defaultOutputTokens : found->get<std::uint64_t>();
    }

    execution::ToolSchema m_schema;
    ArgumentReader m_reader;
};

} // namespace

Result<std::unique_ptr<execution::Tool>> makeExecCommand(const execution::ResourceLimits& limits)
{
    GH_ASSIGN(ArgumentReader reader, ArgumentReader::create(toolName, parameters()));
    return std::unique_ptr<execution::Tool>(std::make_unique<ExecCommand>(limits, std::move(reader)));
}

} // namespace gatehouse::tools
