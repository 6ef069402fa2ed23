#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/services/sampleproject.h"
#include "core/workflow/templates.h"

#include <nlohmann/json.hpp>

namespace gatehouse::cli {

static QString tr(const char* text)
{
    return QCoreApplication::translate("cli", text);
}

static ExitStatus listTemplates(const Arguments& arguments)
{
    nlohmann::json all = nlohmann::json::array();
    for (const std::string& name : workflow::templateNames()) {
        const auto info = workflow::findTemplate(name);
        if (!info)
            return reportError(arguments.name(), info.error());
        all.push_back({{"name", info->name}, {"description", info->description}});
        if (!arguments.json())
            printLine(QStringLiteral("%1 %2").arg(QString::fromStdString(info->name), -20).arg(QString::fromStdString(info->description)));
    }
    if (arguments.json())
        printJson(all);
    return ExitStatus::Done;
}

ExitStatus newCommand(const QStringList& raw)
{
    Arguments arguments(raw.first(), tr("Makes a project in DIR, which must be new or empty."),
                        QStringLiteral("DIR [--template T] | --list"));
    arguments.option(QStringLiteral("template"), tr("The template; default: credit-note."), QStringLiteral("T"));
    arguments.option(QStringLiteral("list"), tr("Lists the templates."));
    arguments.jsonOption();
    if (const auto status = arguments.parse(raw, 0, 1))
        return *status;
    if (arguments.has(QStringLiteral("list")))
        return listTemplates(arguments);
    if (arguments.positional().isEmpty())
        return reportUsage(arguments.name(), tr("name the folder to make"), tr("see gatehouse new --help"));
    const std::string name = arguments.value(QStringLiteral("template")).value_or(workflow::defaultTemplateName);
    const std::string folder = arguments.at(0);
    const auto made = app::makeSampleProject(name, folder);
    if (!made)
        return reportError(arguments.name(), made.error());
    if (arguments.json()) {
        printJson({{"project", folder}, {"template", name}, {"workflow", made->workflow}});
    } else {
        tell(tr("Made %1 from the template %2.").arg(QString::fromStdString(folder), QString::fromStdString(name)));
        tell(tr("Try: cd %1 && gatehouse run %2").arg(QString::fromStdString(folder), QString::fromStdString(made->workflow)));
    }
    return ExitStatus::Done;
}

} // namespace gatehouse::cli
