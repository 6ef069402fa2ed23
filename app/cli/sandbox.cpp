// sandbox doctor and sandbox exec.
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/engine/events.h"
#include "core/engine/runplan.h"
#include "core/workflow/profile.h"
#include "core/workflow/project.h"
#include "sandbox/host/writeback.h"

#include <nlohmann/json.hpp>

#include <QDir>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace gatehouse::cli {

using nlohmann::json;

static QString tr(const char* text)
{
    return QCoreApplication::translate("cli", text);
}

namespace {

ExitStatus doctor(const QStringList& raw, app::EngineServices& services)
{
    Arguments arguments(QStringLiteral("sandbox doctor"), tr("Measures each layer of isolation on this machine, by trying it."),
                        QStringLiteral("[--json]"));
    arguments.jsonOption();
    if (const auto status = arguments.parse(raw, 0, 0))
        return *status;
    const auto report = services.sandboxes().probe();
    if (!report)
        return reportError(arguments.name(), report.error());
    const workflow::Profile delivery = *workflow::builtinProfile("delivery");
    bool usable = true;
    json layers = json::array();
    for (const execution::LayerReport& layer : report->layers) {
        const std::string name(layerName(layer.layer));
        const bool required = std::ranges::find(delivery.require, name) != delivery.require.end();
        usable = usable && !(required && layer.state == execution::LayerState::Absent);
        layers.push_back(
            {{"layer", name}, {"state", layerStateName(layer.state)}, {"required", required}, {"why", layer.why}, {"fix", layer.fix}});
        if (arguments.json())
            continue;
        printLine(QStringLiteral("%1 %2 %3")
                      .arg(QString::fromStdString(name), -13)
                      .arg(QString::fromStdString(std::string(layerStateName(layer.state))), -9)
                      .arg(QString::fromStdString(layer.why)));
        if (!layer.fix.empty())
            printLine(QStringLiteral("%1 %2").arg(QString(), -23).arg(QString::fromStdString(layer.fix)));
    }
    if (arguments.json())
        printJson({{"backend", report->backend}, {"layers", std::move(layers)}, {"usable", usable}});
    return usable ? ExitStatus::Done : ExitStatus::Sandbox;
}

// Output as it happens, on our own streams.
class Passthrough final : public execution::ExecObserver {
public:
    void outputArrived(execution::Stream stream, std::string_view bytes) override
    {
        std::FILE* target = stream == execution::Stream::Output ? stdout : stderr;
        std::fwrite(bytes.data(), 1, bytes.size(), target);
        std::fflush(target);
    }
};

std::string figure(const execution::LimitBreach& breach, std::int64_t value)
{
    using execution::Limit;
    if (breach.limit == Limit::Memory || breach.limit == Limit::Disk)
        return std::to_string(value >> 20) + " MiB";
    if (breach.limit == Limit::Call || breach.limit == Limit::Session || breach.limit == Limit::Run)
        return std::to_string(value) + " ms";
    return std::to_string(value);
}

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

Result<ExecOptions> optionsOf(const Arguments& arguments)
{
    ExecOptions out;
    GH_ASSIGN(const workflow::Profile profile, profileOf(arguments));
    out.spec = engine::sandboxSpec(profile);
    if (arguments.value(QStringLiteral("backend")).value_or("local") != "local")
        return fail(ErrorCode::Unsupported, "--backend", "Only the local backend is available in this version", "Use local");
    if (const auto workspace = arguments.value(QStringLiteral("workspace"))) {
        const QString canonical = QDir(QString::fromStdString(*workspace)).canonicalPath();
        if (canonical.isEmpty())
            return fail(ErrorCode::NotFound, *workspace, "There is no such folder");
        out.workspace = canonical.toStdString();
        out.spec.workspace = out.workspace;
    }
    for (const QString& word : arguments.command())
        out.request.argv.push_back(word.toStdString());
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

ExitStatus setUpFailed(const Arguments& arguments, const Error& error)
{
    const ExitStatus status = reportError(arguments.name(), error);
    if (arguments.json())
        printJson({{"origin", status == ExitStatus::Sandbox ? "setup" : "usage"},
                   {"error", error.toString()},
                   {"status", nullptr},
                   {"limits", json::array()}});
    return status;
}

ExitStatus exec(const QStringList& raw, app::EngineServices& services)
{
    Arguments arguments(QStringLiteral("sandbox exec"), tr("Runs one command in a sandbox and passes its exit status on."),
                        QStringLiteral("[OPTIONS] -- COMMAND [ARGUMENTS]"));
    arguments.projectOption();
    arguments.jsonOption();
    arguments.option(QStringLiteral("profile"), tr("The sandbox profile; default: delivery."), QStringLiteral("P"));
    arguments.option(QStringLiteral("workspace"), tr("A folder to present at /workspace; default: an empty one."), QStringLiteral("DIR"));
    arguments.option(QStringLiteral("backend"), tr("Where the sandbox lives: local."), QStringLiteral("B"));
    arguments.option(QStringLiteral("timeout"), tr("Seconds; only shortens the profile's limit."), QStringLiteral("S"));
    arguments.option(QStringLiteral("write-back"), tr("Writes what the command changed back to DIR."));
    arguments.acceptCommand();
    if (const auto status = arguments.parse(raw, 0, 0))
        return *status;
    if (arguments.command().isEmpty())
        return reportUsage(arguments.name(), tr("name a command after --"));
    const auto options = optionsOf(arguments);
    if (!options)
        return setUpFailed(arguments, options.error());
    if (arguments.has(QStringLiteral("write-back")) && options->workspace.empty())
        return reportUsage(arguments.name(), tr("--write-back needs --workspace"));
    auto session = services.sandboxes().open(options->spec, {});
    if (!session)
        return setUpFailed(arguments, session.error());
    Passthrough passthrough;
    const auto outcome = (*session)->exec(options->request, arguments.json() ? nullptr : &passthrough, {});
    if (!outcome)
        return setUpFailed(arguments, outcome.error());
    for (const execution::LimitBreach& breach : outcome->limits)
        tell(tr("gatehouse: sandbox exec: limit: %1 (%2 of %3)")
                 .arg(QString::fromStdString(std::string(limitName(breach.limit))), QString::fromStdString(figure(breach, breach.value)),
                      QString::fromStdString(figure(breach, breach.maximum))));
    if (arguments.json())
        printJson(toJson(*outcome));
    // Only what a command finished by itself: half a change is nobody's wish.
    if (arguments.has(QStringLiteral("write-back")) && outcome->end == execution::ExecEnd::Exited) {
        const auto written = host::writeBack(outcome->changes, (*session)->workspace(), options->workspace);
        if (!written)
            return reportError(arguments.name(), written.error());
    }
    return static_cast<ExitStatus>(statusOf(*outcome));
}

} // namespace

ExitStatus sandboxCommand(const QStringList& raw, app::EngineServices& services)
{
    const QString verb = raw.value(1);
    QStringList rest = raw.mid(1);
    if (verb == QStringLiteral("doctor"))
        return doctor(rest, services);
    if (verb == QStringLiteral("exec"))
        return exec(rest, services);
    if (verb == QStringLiteral("--help") || verb == QStringLiteral("-h")) {
        printLine(tr("Usage: gatehouse sandbox doctor [--json] | gatehouse sandbox exec [OPTIONS] -- COMMAND [ARGUMENTS]"));
        return ExitStatus::Done;
    }
    return reportUsage(QStringLiteral("sandbox"), tr("expected doctor or exec; see gatehouse sandbox --help"));
}

} // namespace gatehouse::cli
