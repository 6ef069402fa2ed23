#include "core/policy/command.h"

#include "core/base/utf8.h"
#include "core/policy/shellparser.h"
#include "core/policy/shellwrappers.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gatehouse::policy {

namespace {

constexpr int maximumWrappers = 16;

class Unwrapping {
public:
    Command command;

    void addScript(std::string_view text, int depth)
    {
        ShellLine line = readShellLine(text);
        append(command.environment, std::move(line.assignments));
        append(command.redirects, std::move(line.writes));
        for (auto& argv : line.commands)
            add(std::move(argv), depth, false);
        if (!line.why.empty())
            giveUp(line.why);
    }

    void add(std::vector<std::string> argv, int depth, bool openEnded)
    {
        if (argv.empty() || argv[0].empty())
            return giveUp("an empty command name");
        if (depth > maximumWrappers)
            return giveUp("wrappers nested too deep");
        if (command.commands.size() >= maximumSimpleCommands)
            return giveUp("too many commands");
        Unwrapped unwrapped = unwrap(argv);
        append(command.environment, std::move(unwrapped.environment));
        const bool wrapper = unwrapped.kind == Unwrapped::Kind::Inner || unwrapped.kind == Unwrapped::Kind::Script;
        command.commands.push_back({argv, wrapper, openEnded});
        if (unwrapped.kind == Unwrapped::Kind::Opaque)
            return giveUp(unwrapped.why);
        if (unwrapped.kind == Unwrapped::Kind::Script)
            return openEnded ? giveUp("a shell with arguments that are not known") : addScript(unwrapped.script, depth + 1);
        if (unwrapped.kind == Unwrapped::Kind::Inner)
            add({argv.begin() + static_cast<std::ptrdiff_t>(unwrapped.begin), argv.end()}, depth + 1, openEnded || unwrapped.openEnded);
    }

    void giveUp(std::string why)
    {
        if (command.why.empty())
            command.why = std::move(why);
    }

    Command finish(Command::Kind kind)
    {
        const auto notText = [](const std::string& word) { return !isValidUtf8(word); };
        for (const SimpleCommand& simple : command.commands)
            if (std::ranges::any_of(simple.argv, notText))
                giveUp("bytes that are not UTF-8");
        if (std::ranges::any_of(command.redirects, notText) || std::ranges::any_of(command.environment, notText))
            giveUp("bytes that are not UTF-8");
        for (auto* names : {&command.redirects, &command.environment}) {
            std::ranges::sort(*names);
            names->erase(std::unique(names->begin(), names->end()), names->end());
        }
        if (command.commands.empty() && command.environment.empty() && command.redirects.empty())
            giveUp("no command");
        command.kind = command.why.empty() ? kind : Command::Kind::Opaque;
        return std::move(command);
    }

private:
    static void append(std::vector<std::string>& to, std::vector<std::string> from)
    {
        to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    }
};

nlohmann::json safeWords(const std::vector<std::string>& words)
{
    nlohmann::json result = nlohmann::json::array();
    for (const std::string& word : words)
        result.push_back(toValidUtf8(word));
    return result;
}

nlohmann::json treeJson(const std::vector<SimpleCommand>& commands)
{
    nlohmann::json result = nlohmann::json::array();
    for (const SimpleCommand& simple : commands) {
        nlohmann::json entry = {{"argv", safeWords(simple.argv)}};
        if (simple.wrapper)
            entry["wrapper"] = true;
        if (simple.openEnded)
            entry["openEnded"] = true;
        result.push_back(std::move(entry));
    }
    return result;
}

bool readWords(const nlohmann::json& value, std::vector<std::string>& out)
{
    if (!value.is_array())
        return false;
    for (const auto& word : value) {
        if (!word.is_string())
            return false;
        out.push_back(word.get<std::string>());
    }
    return true;
}

bool readTree(const nlohmann::json& value, std::vector<SimpleCommand>& out)
{
    if (!value.is_array() || value.size() > maximumSimpleCommands)
        return false;
    for (const auto& entry : value) {
        SimpleCommand simple;
        if (!entry.is_object() || !entry.contains("argv") || !readWords(entry["argv"], simple.argv) || simple.argv.empty())
            return false;
        simple.wrapper = entry.contains("wrapper") && entry["wrapper"] == true;
        simple.openEnded = entry.contains("openEnded") && entry["openEnded"] == true;
        out.push_back(std::move(simple));
    }
    return true;
}

Command opaqueCommand(std::string why)
{
    Command result;
    result.why = std::move(why);
    return result;
}

} // namespace

Command parseShell(std::string_view text)
{
    if (text.size() > maximumShellBytes)
        return opaqueCommand("a command of more than 1 MiB");
    Unwrapping unwrapping;
    unwrapping.addScript(text, 0);
    return unwrapping.finish(Command::Kind::Tree);
}

Command parseArgv(const std::vector<std::string>& argv)
{
    Unwrapping unwrapping;
    unwrapping.add(argv, 0, false);
    const Command& read = unwrapping.command;
    const bool plain = read.commands.size() == 1 && !read.commands[0].wrapper && read.environment.empty();
    return unwrapping.finish(plain ? Command::Kind::Argv : Command::Kind::Tree);
}

nlohmann::json toJson(const Command& command)
{
    if (command.kind == Command::Kind::Argv)
        return {{"argv", safeWords(command.commands.at(0).argv)}};
    nlohmann::json result = nlohmann::json::object();
    if (command.kind == Command::Kind::Opaque)
        result["opaque"] = command.why;
    if (command.kind == Command::Kind::Tree || !command.commands.empty())
        result["tree"] = treeJson(command.commands);
    if (!command.redirects.empty())
        result["redirects"] = safeWords(command.redirects);
    if (!command.environment.empty())
        result["environment"] = safeWords(command.environment);
    return result;
}

Command commandFromJson(const nlohmann::json& value)
{
    if (!value.is_object())
        return opaqueCommand("it has no form that is known");
    Command result;
    if (const auto argv = value.find("argv"); argv != value.end()) {
        std::vector<std::string> words;
        if (value.size() != 1 || !readWords(*argv, words))
            return opaqueCommand("it has no form that is known");
        return parseArgv(words);
    }
    const auto tree = value.find("tree");
    const bool good = (tree == value.end() || readTree(*tree, result.commands)) &&
        (!value.contains("redirects") || readWords(value["redirects"], result.redirects)) &&
        (!value.contains("environment") || readWords(value["environment"], result.environment));
    if (!good)
        return opaqueCommand("it has no form that is known");
    if (tree != value.end() && !value.contains("opaque")) {
        result.kind = Command::Kind::Tree;
        return result;
    }
    const auto why = value.find("opaque");
    result.why = why != value.end() && why->is_string() ? why->get<std::string>() : "it has no form that is known";
    return result;
}

} // namespace gatehouse::policy
