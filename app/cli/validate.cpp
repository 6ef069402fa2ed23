#include "core/workflow/validate.h"
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/policy/policy.h"
#include "core/workflow/schemas.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace gatehouse::cli {

static QString tr(const char* text)
{
    return QCoreApplication::translate("cli", text);
}

// The meaning of policies, beyond their schema: the same reader that a run uses.
static void addPolicyProblems(const std::string& path, std::vector<Problem>& problems)
{
    for (Problem& problem : policy::loadPolicy(path).problems) {
        const auto same = [&](const Problem& known) { return known.file == problem.file && known.position.line == problem.position.line; };
        if (std::ranges::none_of(problems, same))
            problems.push_back(std::move(problem));
    }
}

static std::vector<Problem> problemsOf(const std::string& path)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
        std::vector<Problem> problems = workflow::validateDocument(path);
        if (path.ends_with(".policy.json"))
            addPolicyProblems(path, problems);
        return problems;
    }
    std::vector<Problem> problems = workflow::validateProject(path);
    for (fs::directory_iterator it(path + "/policies", ignored), end; !ignored && it != end; it.increment(ignored)) {
        if (it->path().string().ends_with(".policy.json"))
            addPolicyProblems(it->path().string(), problems);
    }
    return problems;
}

static nlohmann::json toJson(const Problem& problem)
{
    return {{"file", problem.file},
            {"line", problem.position.line},
            {"column", problem.position.column},
            {"severity", problem.severity == Severity::Error ? "error" : "warning"},
            {"message", problem.message.format()},
            {"rule", problem.rule}};
}

ExitStatus validateCommand(const QStringList& raw)
{
    Arguments arguments(raw.first(), tr("Checks documents: the project's, or those that are named."), QStringLiteral("[PATH…]"));
    arguments.projectOption();
    arguments.jsonOption();
    if (const auto status = arguments.parse(raw, 0, 10000))
        return *status;
    std::vector<std::string> paths;
    for (const QString& path : arguments.positional())
        paths.push_back(path.toStdString());
    if (paths.empty()) {
        const auto project = projectOf(arguments);
        if (!project)
            return reportError(arguments.name(), project.error());
        paths.push_back(*project);
    }
    bool errors = false;
    nlohmann::json all = nlohmann::json::array();
    for (const std::string& path : paths) {
        for (const Problem& problem : problemsOf(path)) {
            errors = errors || problem.severity == Severity::Error;
            all.push_back(toJson(problem));
            if (!arguments.json())
                printLine(QString::fromStdString(problem.line()));
        }
    }
    if (arguments.json())
        printJson(all);
    else if (all.empty())
        tell(tr("No problems."));
    return errors ? ExitStatus::CheckFailed : ExitStatus::Done;
}

ExitStatus schemaCommand(const QStringList& raw)
{
    Arguments arguments(raw.first(), tr("Prints the JSON Schemas of the documents."), QStringLiteral("[list | show NAME] [--json]"));
    arguments.jsonOption();
    if (const auto status = arguments.parse(raw, 0, 2))
        return *status;
    const QString verb = arguments.positional().value(0, QStringLiteral("list"));
    if (verb == QStringLiteral("list") && arguments.positional().size() <= 1) {
        nlohmann::json names = nlohmann::json::array();
        for (const std::string& name : workflow::schemaNames()) {
            names.push_back(name);
            if (!arguments.json())
                printLine(QString::fromStdString(name));
        }
        if (arguments.json())
            printJson(names);
        return ExitStatus::Done;
    }
    if (verb != QStringLiteral("show") || arguments.positional().size() != 2)
        return reportUsage(arguments.name(), tr("expected list, or show NAME"), tr("see gatehouse schema --help"));
    const auto text = workflow::schemaText(arguments.at(1));
    if (!text)
        return reportUsage(arguments.name(), tr("there is no schema %1").arg(arguments.positional().at(1)),
                           tr("gatehouse schema list names them"));
    print(*text);
    return ExitStatus::Done;
}

} // namespace gatehouse::cli
