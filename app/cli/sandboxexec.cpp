// sandbox exec: one command in a sandbox, its output and its exit status passed on.
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/passthrough.h"
#include "app/cli/stopsignals.h"
#include "core/engine/events.h"
#include "core/engine/runplan.h"
#include "core/tools/outcometext.h"
#include "core/workflow/paths.h"
#include "core/workflow/profile.h"
#include "core/workflow/project.h"
#include "core/workspace/hostnames.h"
#include "core/workspace/pathname.h"
#include "sandbox/host/writeback.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace gatehouse::cli {

using nlohmann::json;

static QString tr(const char* text)
{
    return QCoreApplication::translate("cli", text);
}

namespace {

constexpr std::size_t pathsTold = 20;

// Cancels on the first signal, from a thread of its own: exec() blocks the main one.
class SignalCancel {
public:
    explicit SignalCancel(CancelSource& cancel) : m_thread([this, &cancel] { wait(cancel); }) { }
    ~SignalCancel()
    {
        m_over.cancel();
        m_thread.join();
    }
    SignalCancel(const SignalCancel&) = delete;
    SignalCancel& operator=(const SignalCancel&) = delete;

private:
    void wait(CancelSource& cancel) const
    {
        pollfd fds[2] = {{m_signals.fd(), POLLIN, 0}, {m_over.token().fd(), POLLIN, 0}};
        while (::poll(fds, 2, -1) < 0 && errno == EINTR) { }
        if (fds[0].revents != 0)
            cancel.cancel();
    }

    StopSignals m_signals;
    CancelSource m_over;
    std::thread m_thread;
};

struct ExecOptions {
    execution::SandboxSpec spec;
    execution::ExecRequest request;
    std::string workspace;
};

Result<workflow::Profile> profileOf(const Arguments& arguments)
{
    const std::string name = arguments.value(QStringLiteral("profile")).value_or("delivery");
    if (name.ends_with(".json"))
        return workflow::loadProfile(name).take();
    const auto project = projectOf(arguments);
    if (!project && arguments.has(QStringLiteral("project")))
        return std::unexpected(project.error());
    if (project) {
        GH_ASSIGN(const workflow::Project loaded, workflow::loadProject(*project).take());
        return workflow::resolveProfile(loaded, name).take();
    }
    const auto builtin = workflow::builtinProfile(name);
    if (!builtin)
        return fail(ErrorCode::NotFound, "--profile", Message("There is no profile %1", {name}),
                    "The built-in ones are read-only, draft, delivery, privileged");
    return *builtin;
}

// The journals of a project are never presented to a sandbox, and a command must not write its policy back: neither the project that
// one works in nor the one that the folder belongs to.
Result<void> checkHoldsNoRuns(const std::string& folder)
{
    for (const std::string& start : {folder, QDir::currentPath().toStdString()}) {
        const auto project = workflow::findProject(start);
        if (!project)
            continue;
        const std::string state = *project + "/.gatehouse";
        if (workflow::isWithin(state, folder) || workflow::isWithin(folder, state))
            return fail(ErrorCode::InvalidInput, folder, "This folder holds a project's .gatehouse, which is never presented to a sandbox",
                        "Name a folder in the project, such as one of its sources");
    }
    return {};
}

Result<ExecOptions> optionsOf(const Arguments& arguments)
{
    ExecOptions out;
    GH_ASSIGN(const workflow::Profile profile, profileOf(arguments));
    out.spec = engine::sandboxSpec(profile);
    if (arguments.value(QStringLiteral("backend")).value_or("local") != "local")
        return fail(ErrorCode::Unsupported, "--backend", "Only the local backend is available in this version", "Use local");
    if (const auto workspace = arguments.value(QStringLiteral("workspace"))) {
        const QFileInfo folder(QString::fromStdString(*workspace));
        if (!folder.isDir())
            return fail(ErrorCode::NotFound, *workspace, folder.exists() ? "This is not a folder" : "There is no such folder",
                        "Name the folder to present at /workspace");
        out.workspace = folder.canonicalFilePath().toStdString();
        GH_TRY(checkHoldsNoRuns(out.workspace));
        out.spec.workspace = out.workspace;
    }
    out.request.argv = arguments.command();
    if (const auto seconds = arguments.value(QStringLiteral("timeout"))) {
        bool valid = false;
        const double value = QString::fromStdString(*seconds).toDouble(&valid);
        if (!valid || !std::isfinite(value) || value <= 0 || value > 1e6)
            return fail(ErrorCode::InvalidInput, "--timeout", "This is not a number of seconds greater than 0");
        out.request.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(value * 1000)));
    }
    return out;
}

json toJson(const execution::ExecOutcome& outcome)
{
    json limits = json::array();
    for (const execution::LimitBreach& breach : outcome.limits)
        limits.push_back(engine::toJson(breach));
    const auto text = [](const execution::CapturedStream& stream) { return stream.head + stream.tail; };
    return {{"origin", outcome.end == execution::ExecEnd::Limit ? "limit" : "command"},
            {"end", engine::execEndName(outcome.end)},
            {"status", outcome.status},
            {"limits", std::move(limits)},
            {"wallMs", outcome.wall.count()},
            {"output", text(outcome.output)},
            {"error", text(outcome.error)},
            {"outputBytes", outcome.output.total},
            {"errorBytes", outcome.error.total}};
}

int statusOf(const execution::ExecOutcome& outcome)
{
    // As of a program whose reader has gone; the command itself may have ended before that was seen.
    if (outputFailure() == EPIPE && outcome.end != execution::ExecEnd::Limit)
        return 128 + SIGPIPE;
    switch (outcome.end) {
    case execution::ExecEnd::Limit:
        return static_cast<int>(ExitStatus::Limit);
    case execution::ExecEnd::Cancelled:
        return static_cast<int>(ExitStatus::Interrupted);
    case execution::ExecEnd::Signalled:
        return 128 + outcome.status;
    case execution::ExecEnd::Exited:
        break;
    }
    return outcome.status;
}

// Of an end without an outcome.
const char* originOf(ExitStatus status)
{
    return status == ExitStatus::Sandbox ? "setup" : status == ExitStatus::Limit ? "limit" : "usage";
}

ExitStatus setUpFailed(const Arguments& arguments, const Error& error)
{
    const ExitStatus status = tellError(arguments.name(), error);
    if (arguments.json())
        printJson({{"origin", originOf(status)},
                   {"error", errorJson(arguments.name(), error)},
                   {"status", nullptr},
                   {"limits", json::array()},
                   {"exit", static_cast<int>(status)}});
    return status;
}

std::uint32_t ownUmask()
{
    const mode_t mask = ::umask(077);
    ::umask(mask);
    return mask;
}

void tellPaths(const QString& heading, const QStringList& paths)
{
    for (const QString& path : paths.mid(0, static_cast<qsizetype>(pathsTold)))
        tell(heading.arg(path));
    if (paths.size() > static_cast<qsizetype>(pathsTold))
        tell(heading.arg(tr("and %1 more").arg(paths.size() - static_cast<qsizetype>(pathsTold))));
}

// What was written, what was not and why, and what of it the host's programs run by its name.
json tellReport(const host::WriteBackReport& report)
{
    json left = json::array();
    json runs = json::array();
    QStringList leftLines;
    QStringList runLines;
    for (const host::WriteBackReport::Left& one : report.left) {
        const QString path = QString::fromStdString(workspace::shownPath(one.path));
        leftLines << path + QStringLiteral(": ") + translated(one.error.why);
        left.push_back({{"path", path.toStdString()}, {"why", translated(one.error.why).toStdString()}});
    }
    for (const std::string& path : report.files) {
        if (!workspace::runsByItsName(path))
            continue;
        runLines << QString::fromStdString(workspace::shownPath(path));
        runs.push_back(workspace::shownPath(path));
    }
    tellPaths(tr("not written back: %1"), leftLines);
    tellPaths(tr("executes on host: %1"), runLines);
    return {{"written", report.written}, {"removed", report.removed}, {"notWritten", std::move(left)}, {"executesOnHost", std::move(runs)}};
}

struct WrittenBack {
    json report;
    bool whole = true;
};

Result<WrittenBack> writeBack(const ExecOptions& options, const execution::ExecOutcome& outcome, const execution::SandboxSession& session)
{
    // Only what a command finished by itself: half a change is nobody's wish.
    if (outcome.end != execution::ExecEnd::Exited) {
        tell(tr("Nothing is written back: the command did not end by itself."));
        return WrittenBack{};
    }
    if (outcome.changesError)
        return std::unexpected(*outcome.changesError);
    host::WriteBackRules rules;
    rules.fileBytes = std::min(rules.fileBytes, options.spec.limits.fileSize);
    rules.totalBytes = std::min(rules.totalBytes, options.spec.limits.disk);
    rules.umask = ownUmask();
    rules.refused = workspace::isGitsOwn;
    GH_ASSIGN(const host::WriteBackReport report, host::writeBack(outcome.changes, session.workspace(), options.workspace, rules));
    return WrittenBack{tellReport(report), report.left.empty()};
}

void tellLimits(const execution::ExecOutcome& outcome)
{
    for (const execution::LimitBreach& breach : outcome.limits)
        tell(tr("gatehouse: sandbox exec: limit: %1").arg(QString::fromStdString(tools::limitText(breach))));
}

Result<execution::ExecOutcome> execute(execution::SandboxSession& session, const ExecOptions& options, const Arguments& arguments)
{
    CancelSource cancel;
    const SignalCancel signals(cancel);
    if (arguments.json())
        return session.exec(options.request, nullptr, cancel.token());
    execution::ExecRequest request = options.request;
    request.outputMode = execution::OutputMode::Streamed;
    Passthrough passthrough(cancel);
    auto outcome = session.exec(request, &passthrough, cancel.token());
    if (passthrough.finish())
        return outcome;
    // Also when the command itself had ended: what it said was not passed on whole.
    tell(tr("Interrupted: not all of the output was passed on, for nobody took it."));
    if (outcome && outcome->end != execution::ExecEnd::Limit)
        outcome->end = execution::ExecEnd::Cancelled;
    return outcome;
}

ExitStatus finish(const Arguments& arguments, const ExecOptions& options, const execution::ExecOutcome& outcome,
                  const execution::SandboxSession& session)
{
    tellLimits(outcome);
    json document = toJson(outcome);
    int status = statusOf(outcome);
    if (arguments.has(QStringLiteral("write-back"))) {
        const auto written = writeBack(options, outcome, session);
        if (!written)
            return setUpFailed(arguments, written.error());
        document["writeBack"] = written->report;
        if (!written->whole && status == 0)
            status = static_cast<int>(ExitStatus::CheckFailed);
    }
    document["exit"] = status;
    if (arguments.json())
        printJson(document);
    return static_cast<ExitStatus>(status);
}

void declare(Arguments& arguments)
{
    arguments.projectOption();
    arguments.jsonOption();
    arguments.option(QStringLiteral("profile"), tr("The sandbox profile; default: delivery."), QStringLiteral("P"));
    arguments.option(QStringLiteral("workspace"), tr("A folder to present at /workspace; default: an empty one."), QStringLiteral("DIR"));
    arguments.option(QStringLiteral("backend"), tr("Where the sandbox lives: local."), QStringLiteral("B"));
    arguments.option(QStringLiteral("timeout"), tr("Seconds; only shortens the profile's limit."), QStringLiteral("S"));
    arguments.option(QStringLiteral("write-back"),
                     tr("Writes what the command changed back to DIR. Links, special files and what is git's own are left out; then a "
                        "command that ended with 0 gives 1."));
    arguments.acceptCommand();
}

} // namespace

ExitStatus sandboxExec(const QStringList& raw, app::EngineServices& services)
{
    Arguments arguments(QStringLiteral("sandbox exec"),
                        tr("Runs one command in a sandbox, without input, and passes its output and exit status on."),
                        QStringLiteral("[OPTIONS] -- COMMAND [ARGUMENTS]"));
    declare(arguments);
    if (const auto status = arguments.parse(raw, 0, 0))
        return *status;
    if (arguments.command().empty())
        return reportUsage(arguments.name(), tr("name a command after --"), tr("see gatehouse sandbox exec --help"));
    if (arguments.has(QStringLiteral("write-back")) && !arguments.has(QStringLiteral("workspace")))
        return reportUsage(arguments.name(), tr("--write-back needs --workspace"), tr("see gatehouse sandbox exec --help"));
    const auto options = optionsOf(arguments);
    if (!options)
        return setUpFailed(arguments, options.error());
    auto session = services.sandboxes().open(options->spec, {});
    if (!session)
        return setUpFailed(arguments, session.error());
    const auto outcome = execute(**session, *options, arguments);
    if (!outcome)
        return setUpFailed(arguments, outcome.error());
    return finish(arguments, *options, *outcome, **session);
}

} // namespace gatehouse::cli
