// run and resume.
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/runconsole.h"
#include "core/engine/runpaths.h"
#include "core/engine/runstore.h"
#include "core/workflow/executionclass.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QFileInfo>

#include <unistd.h>

namespace gatehouse::cli {

using engine::ApprovalMode;
using nlohmann::json;

static QString tr(const char* text)
{
    return QCoreApplication::translate("cli", text);
}

namespace {

struct Approvals {
    ApprovalMode mode = ApprovalMode::Pause;
    RunConsole::Questions questions = RunConsole::Questions::Leave;
};

Result<Approvals> approvalsOf(const Arguments& arguments)
{
    const bool terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
    const std::string word = arguments.value(QStringLiteral("approvals")).value_or(terminal ? "ask" : "pause");
    if (word == "ask")
        return Approvals{ApprovalMode::Wait, RunConsole::Questions::Ask};
    if (word == "pause")
        return Approvals{ApprovalMode::Pause, RunConsole::Questions::Leave};
    if (word == "deny")
        return Approvals{ApprovalMode::Deny, RunConsole::Questions::Leave};
    return fail(ErrorCode::InvalidInput, "--approvals", Message("%1 is not one of ask, pause, deny", {word}));
}

// A run that is paused because it could not go on says why, not that somebody must decide.
ExitStatus statusOf(const engine::RunReport& report)
{
    const bool couldNotGoOn = report.outcome == engine::Outcome::Waiting && report.error;
    return exitStatusOf(couldNotGoOn ? engine::outcomeOf(report.error->code) : report.outcome);
}

json toJson(const QString& what, const engine::RunReport& report)
{
    json out = {{"run", report.run.text()},
                {"dir", report.directory},
                {"outcome", outcomeName(report.outcome)},
                {"turns", report.turns},
                {"toolCalls", report.toolCalls},
                {"denied", report.denied},
                {"usage", {{"input", report.inputTokens}, {"output", report.outputTokens}}},
                {"files", report.files},
                // Completeness is judged when a run is closed.
                {"evidence", {{"complete", false}, {"why", "the run is not closed"}}},
                {"confirmedBy", report.confirmedBy.empty() ? json() : json(report.confirmedBy)}};
    if (!report.waitingFor.empty())
        out["approval"] = report.waitingFor;
    if (report.error)
        out["error"] = errorJson(what, *report.error);
    out["exit"] = static_cast<int>(statusOf(report));
    if (!report.final.empty())
        out["final"] = report.final;
    return out;
}

void tellReport(const engine::RunReport& report)
{
    if (!report.final.empty())
        print(terminalSafe(report.final, LineBreaks::Keep) + '\n');
    if (report.outcome == engine::Outcome::Waiting && !report.error && !report.waitingFor.empty())
        tell(tr("The run waits for an approval: %1 approvals show %2, then approve or deny it, then %1 resume %3")
                 .arg(programFor(engine::projectOf(report.directory)), QString::fromStdString(report.waitingFor),
                      QString::fromStdString(report.run.text())));
    if (!report.confirmedBy.empty())
        tell(tr("What was approved was confirmed by one person."));
    const std::string outcome(outcomeName(report.outcome));
    printLine(
        tr("run %1 %2 %3")
            .arg(QString::fromStdString(report.run.text()), QString::fromStdString(outcome), QString::fromStdString(report.directory)));
}

ExitStatus execute(const Arguments& arguments, Result<std::unique_ptr<engine::Run>> run, RunConsole::Questions questions)
{
    if (!run)
        return reportError(arguments.name(), run.error());
    engine::RunReport report;
    {
        RunConsole console(*std::move(run), questions, app::principal());
        report = console.execute();
    }
    if (report.error)
        tellError(arguments.name(), *report.error);
    if (arguments.json())
        printJson(toJson(arguments.name(), report));
    else
        tellReport(report);
    return statusOf(report);
}

void declareShared(Arguments& arguments)
{
    arguments.projectOption();
    arguments.jsonOption();
    arguments.option(QStringLiteral("approvals"), tr("What happens when policy asks: ask (on this terminal), pause or deny."),
                     QStringLiteral("MODE"));
}

Result<std::string> taskOf(const Arguments& arguments)
{
    if (const auto text = arguments.value(QStringLiteral("input")))
        return *text;
    const std::string path = *arguments.value(QStringLiteral("input-file"));
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly) || file.size() > (4 << 20))
        return fail(ErrorCode::NotFound, path, "The task could not be read, or is larger than 4 MiB");
    return file.readAll().toStdString();
}

Result<engine::RunRequest> requestOf(const Arguments& arguments)
{
    engine::RunRequest request;
    const QFileInfo workflow(arguments.positional().first());
    request.workflow = workflow.exists() ? workflow.canonicalFilePath().toStdString() : arguments.at(0);
    if (!workflow.exists())
        return fail(ErrorCode::NotFound, request.workflow, "There is no such workflow document");
    // Without --project, the workflow's own: it need not be below the working folder.
    if (arguments.has(QStringLiteral("project"))) {
        GH_ASSIGN(request.project, projectOf(arguments));
    } else {
        GH_ASSIGN(request.project, workflow::findProject(workflow.canonicalPath().toStdString()));
    }
    if (arguments.has(QStringLiteral("input")) || arguments.has(QStringLiteral("input-file"))) {
        GH_ASSIGN(request.task, taskOf(arguments));
    }
    if (const auto name = arguments.value(QStringLiteral("class"))) {
        request.executionClass = workflow::classFromName(*name);
        if (!request.executionClass)
            return fail(ErrorCode::InvalidInput, "--class", Message("%1 is not one of draft, delivery, privileged", {*name}));
    }
    const std::string backend = arguments.value(QStringLiteral("backend")).value_or("local");
    if (backend != "local")
        return fail(ErrorCode::Unsupported, "--backend", Message("The backend %1 is not available in this version", {backend}),
                    "Use local");
    request.model = arguments.value(QStringLiteral("model"));
    request.name = arguments.value(QStringLiteral("name")).value_or("");
    if (request.name.size() > 200)
        return fail(ErrorCode::InvalidInput, "--name", "A run's name has at most 200 bytes");
    request.requester = app::principal();
    request.build = app::buildName();
    return request;
}

} // namespace

ExitStatus runCommand(const QStringList& raw, app::EngineServices& services)
{
    Arguments arguments(raw.first(), tr("Runs a workflow to its end, or to its first undecided approval."),
                        QStringLiteral("WORKFLOW [OPTIONS]"));
    declareShared(arguments);
    arguments.option(QStringLiteral("input"), tr("The task; default: the workflow's."), QStringLiteral("TEXT"));
    arguments.option(QStringLiteral("input-file"), tr("A file that holds the task."), QStringLiteral("F"));
    arguments.option(QStringLiteral("class"), tr("The execution class; only a higher one than the workflow's."), QStringLiteral("C"));
    arguments.option(QStringLiteral("model"), tr("A model of the project, for all agents."), QStringLiteral("NAME"));
    arguments.option(QStringLiteral("backend"), tr("Where the sandbox lives: local."), QStringLiteral("B"));
    arguments.option(QStringLiteral("name"), tr("A name for the run."), QStringLiteral("N"));
    if (const auto status = arguments.parse(raw, 1, 1))
        return *status;
    const auto approvals = approvalsOf(arguments);
    if (!approvals)
        return reportError(arguments.name(), approvals.error());
    const auto request = requestOf(arguments);
    if (!request)
        return reportError(arguments.name(), request.error());
    return execute(arguments, engine::Run::create(*request, services.forRuns(), approvals->mode), approvals->questions);
}

ExitStatus resumeCommand(const QStringList& raw, app::EngineServices& services)
{
    Arguments arguments(raw.first(), tr("Goes on with a run from its last recorded state."), QStringLiteral("RUN [OPTIONS]"));
    declareShared(arguments);
    if (const auto status = arguments.parse(raw, 1, 1))
        return *status;
    const auto approvals = approvalsOf(arguments);
    if (!approvals)
        return reportError(arguments.name(), approvals.error());
    const auto project = projectOf(arguments);
    if (!project)
        return reportError(arguments.name(), project.error());
    const auto directory = engine::RunStore(*project).find(arguments.at(0));
    if (!directory)
        return reportError(arguments.name(), directory.error());
    return execute(arguments, engine::Run::resume(*project, *directory, services.forRuns(), approvals->mode), approvals->questions);
}

} // namespace gatehouse::cli
