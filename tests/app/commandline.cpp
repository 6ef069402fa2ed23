#include "tests/app/commandline.h"
#include "tests/support/places.h"

#include <QDir>
#include <QTest>

#include <algorithm>
#include <sstream>
#include <unistd.h>

namespace gatehouse::test {

CommandLine::CommandLine()
{
    for (const char* folder : {"home", "cache", "config", "data", "state"})
        QDir().mkpath(QString::fromStdString(m_folder.path(folder)));
    m_environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/local/bin:/usr/bin:/bin"));
    m_environment.insert(QStringLiteral("LANG"), QStringLiteral("C.UTF-8"));
    m_environment.insert(QStringLiteral("HOME"), QString::fromStdString(m_folder.path("home")));
    m_environment.insert(QStringLiteral("XDG_CACHE_HOME"), QString::fromStdString(m_folder.path("cache")));
    m_environment.insert(QStringLiteral("XDG_CONFIG_HOME"), QString::fromStdString(m_folder.path("config")));
    m_environment.insert(QStringLiteral("XDG_DATA_HOME"), QString::fromStdString(m_folder.path("data")));
    m_environment.insert(QStringLiteral("XDG_STATE_HOME"), QString::fromStdString(m_folder.path("state")));
    m_environment.insert(QStringLiteral("GIT_CONFIG_NOSYSTEM"), QStringLiteral("1"));
}

QString CommandLine::programPath(const QString& name)
{
    return QString::fromStdString(test::programPath(name.toStdString()));
}

Finished CommandLine::makeProject(const QString& templateName)
{
    return run({QStringLiteral("new"), QString::fromStdString(project()), QStringLiteral("--template"), templateName});
}

static Finished finish(QProcess& process, int timeoutMilliseconds)
{
    Finished finished;
    if (!process.waitForFinished(timeoutMilliseconds)) {
        process.kill();
        process.waitForFinished();
        finished.error = "timed out; ";
    }
    finished.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -process.exitCode();
    finished.output = process.readAllStandardOutput().toStdString();
    finished.error += process.readAllStandardError().toStdString();
    return finished;
}

std::unique_ptr<QProcess> CommandLine::start(const QStringList& arguments) const
{
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(m_environment);
    const QString folder = QString::fromStdString(project());
    process->setWorkingDirectory(QDir(folder).exists() ? folder : QString::fromStdString(m_folder.path()));
    process->setStandardInputFile(QProcess::nullDevice());
    // As a shell does: a group of its own, which gets what is typed at the terminal.
    process->setChildProcessModifier([] { ::setpgid(0, 0); });
    process->start(programPath(QStringLiteral("gatehouse")), arguments);
    return process;
}

Finished CommandLine::run(const QStringList& arguments, int timeoutMilliseconds) const
{
    const auto process = start(arguments);
    return finish(*process, timeoutMilliseconds);
}

Finished CommandLine::program(const QString& name, const QStringList& arguments, const std::string& folder, const QByteArray& input) const
{
    QProcess process;
    process.setProcessEnvironment(m_environment);
    process.setWorkingDirectory(QString::fromStdString(folder));
    process.start(name, arguments);
    process.write(input);
    process.closeWriteChannel();
    return finish(process, 60000);
}

std::vector<nlohmann::json> CommandLine::records(const std::string& run) const
{
    const Finished shown = this->run({QStringLiteral("show"), QString::fromStdString(run), QStringLiteral("--json")});
    std::vector<nlohmann::json> out;
    std::istringstream lines(shown.output);
    for (std::string line; std::getline(lines, line);)
        out.push_back(nlohmann::json::parse(line, nullptr, false));
    return out;
}

int countOf(const std::vector<nlohmann::json>& records, const std::string& type)
{
    return static_cast<int>(std::ranges::count_if(records, [&](const nlohmann::json& record) { return record.value("type", "") == type; }));
}

} // namespace gatehouse::test
