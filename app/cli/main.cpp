// gatehouse: the command line. Dispatches to the commands; knows no QtGui.
#include "app/cli/commands.h"
#include "app/cli/console.h"

#include <QCoreApplication>
#include <cerrno>
#include <csignal>

namespace gatehouse::cli {

namespace {

std::vector<Command> commandTable(app::EngineServices& services)
{
    const auto with = [&services](ExitStatus (*command)(const QStringList&, app::EngineServices&)) {
        return [command, &services](const QStringList& arguments) { return command(arguments, services); };
    };
    return {
        {"open", QT_TRANSLATE_NOOP("cli", "Opens the workbench"), openCommand},
        {"new", QT_TRANSLATE_NOOP("cli", "Makes a project from a template"), newCommand},
        {"validate", QT_TRANSLATE_NOOP("cli", "Checks the documents of a project"), validateCommand},
        {"run", QT_TRANSLATE_NOOP("cli", "Runs a workflow"), with(runCommand)},
        {"resume", QT_TRANSLATE_NOOP("cli", "Goes on with a paused run"), with(resumeCommand)},
        {"runs", QT_TRANSLATE_NOOP("cli", "Lists the runs of a project"), runsCommand},
        {"show", QT_TRANSLATE_NOOP("cli", "Prints the records of a run"), showCommand},
        {"diff", QT_TRANSLATE_NOOP("cli", "Prints what a run changed, as a patch"), diffCommand},
        {"approvals", QT_TRANSLATE_NOOP("cli", "Lists, shows and decides what waits for a person"), with(approvalsCommand)},
        {"stop", QT_TRANSLATE_NOOP("cli", "Ends a run"), with(controlCommand)},
        {"pause", QT_TRANSLATE_NOOP("cli", "Pauses a run at its next step"), with(controlCommand)},
        {"say", QT_TRANSLATE_NOOP("cli", "Tells a running agent something"), with(controlCommand)},
        {"verify", QT_TRANSLATE_NOOP("cli", "Checks that a run's record was not altered"), verifyCommand},
        {"sandbox", QT_TRANSLATE_NOOP("cli", "Measures the sandbox (doctor), or runs a command in one (exec)"), with(sandboxCommand)},
        {"schema", QT_TRANSLATE_NOOP("cli", "Prints the JSON Schemas of the documents"), schemaCommand},
        {"bench", QT_TRANSLATE_NOOP("cli", "Runs the benchmarks"), benchCommand},
    };
}

QString tr(const char* text)
{
    return QCoreApplication::translate("cli", text);
}

void printHelp(const std::vector<Command>& commands)
{
    printLine(tr("Usage: gatehouse COMMAND [ARGUMENTS]"));
    print("\n");
    for (const Command& command : commands)
        printLine(QStringLiteral("  %1 %2").arg(QLatin1String(command.name), -10).arg(tr(command.summary)));
    print("\n");
    printLine(tr("gatehouse COMMAND --help explains one of them. Without a command the workbench opens, where there is a display."));
}

ExitStatus dispatch(const QStringList& arguments)
{
    app::EngineServices services;
    const std::vector<Command> commands = commandTable(services);
    const QString name = arguments.value(1);
    if (name == QStringLiteral("--version")) {
        printLine(QString::fromStdString(app::buildName()));
        return ExitStatus::Done;
    }
    if (name == QStringLiteral("--help") || name == QStringLiteral("-h") || name == QStringLiteral("help")) {
        printHelp(commands);
        return ExitStatus::Done;
    }
    // "gatehouse --project DIR run …" reads naturally too: the option is moved behind the command.
    if (name == QStringLiteral("--project") && arguments.size() > 3 && !arguments.at(3).startsWith(QLatin1Char('-'))) {
        QStringList moved = arguments;
        moved.remove(1, 2);
        moved.insert(2, name);
        moved.insert(3, arguments.at(2));
        return dispatch(moved);
    }
    if (name.isEmpty()) {
        const bool display = qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
        if (display)
            return openCommand({QStringLiteral("open")});
        printHelp(commands);
        return ExitStatus::Done;
    }
    for (const Command& command : commands) {
        if (name == QLatin1String(command.name))
            return command.run(arguments.mid(1));
    }
    return reportUsage(name, tr("there is no such command"), tr("gatehouse --help lists them"));
}

} // namespace

} // namespace gatehouse::cli

int main(int argc, char** argv)
{
    gatehouse::cli::holdStandardDescriptors();
    gatehouse::cli::Arguments::keepRaw(argc, argv);
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("gatehouse"));
    QCoreApplication::setApplicationVersion(QStringLiteral(GATEHOUSE_VERSION));
    // A reader that goes away ends our output, not the run; a file-size limit is an error, not a death.
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);
    using gatehouse::cli::ExitStatus;
    // Known before any parsing: mistakes in the other words are told in JSON too.
    const QStringList arguments = QCoreApplication::arguments();
    gatehouse::cli::setJsonOutput(arguments.mid(0, arguments.indexOf(QStringLiteral("--"))).contains(QStringLiteral("--json")));
    const ExitStatus status = gatehouse::cli::dispatch(arguments);
    const int failure = gatehouse::cli::flushOutput();
    // A reader that went away has seen what it wanted.
    if (failure == 0 || failure == EPIPE)
        return static_cast<int>(status);
    const auto error = gatehouse::failErrno("standard output", "Could not write the result", failure).error();
    gatehouse::cli::tellError(QStringLiteral("output"), error);
    return static_cast<int>(ExitStatus::Record);
}
