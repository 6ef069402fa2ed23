// sandbox doctor, and the way to sandbox exec.
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/workflow/profile.h"

#include <nlohmann/json.hpp>

#include <algorithm>

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

} // namespace

ExitStatus sandboxCommand(const QStringList& raw, app::EngineServices& services)
{
    const QString verb = raw.value(1);
    QStringList rest = raw.mid(1);
    if (verb == QStringLiteral("doctor"))
        return doctor(rest, services);
    if (verb == QStringLiteral("exec"))
        return sandboxExec(rest, services);
    if (verb == QStringLiteral("--help") || verb == QStringLiteral("-h")) {
        printLine(tr("Usage: gatehouse sandbox doctor [--json] | gatehouse sandbox exec [OPTIONS] -- COMMAND [ARGUMENTS]"));
        return ExitStatus::Done;
    }
    return reportUsage(QStringLiteral("sandbox"), tr("expected doctor or exec"), tr("see gatehouse sandbox --help"));
}

} // namespace gatehouse::cli
