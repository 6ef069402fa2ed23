#include "app/cli/console.h"

#include <QCoreApplication>

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace gatehouse::cli {

static bool jsonOutput = false;
static int firstFailure = 0;

void holdStandardDescriptors()
{
    // The lowest free descriptor is the one that is missing.
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
        if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) < 0)
            ::_exit(static_cast<int>(ExitStatus::Record));
    }
}

void setJsonOutput(bool json)
{
    jsonOutput = json;
}

QString translated(const Message& message)
{
    const QString sentence = QCoreApplication::translate("core", message.text.c_str());
    return QString::fromStdString(formatMessage(sentence.toStdString(), message.arguments));
}

nlohmann::json errorJson(const QString& what, const Error& error)
{
    return {{"what", what.toStdString()},
            {"where", error.where},
            {"why", translated(error.why).toStdString()},
            {"hint", error.advice.empty() ? std::string() : translated(error.advice).toStdString()}};
}

ExitStatus tellError(const QString& what, const Error& error)
{
    QString line = what;
    if (!error.where.empty())
        line += QStringLiteral(": ") + QString::fromStdString(error.where);
    line += QStringLiteral(": ") + translated(error.why);
    if (!error.advice.empty()) {
        if (line.endsWith(u'.')) // the end of a text that is quoted
            line.chop(1);
        line += QStringLiteral("; ") + translated(error.advice);
    }
    tell(QStringLiteral("gatehouse: ") + line);
    return exitStatusOf(error.code);
}

static ExitStatus finish(ExitStatus status, nlohmann::json error)
{
    if (jsonOutput)
        printJson({{"error", std::move(error)}, {"exit", static_cast<int>(status)}});
    return status;
}

ExitStatus reportError(const QString& what, const Error& error)
{
    return finish(tellError(what, error), errorJson(what, error));
}

ExitStatus reportUsage(const QString& what, const QString& why, const QString& hint)
{
    tell(QStringLiteral("gatehouse: %1: %2").arg(what, hint.isEmpty() ? why : why + QStringLiteral("; ") + hint));
    return finish(ExitStatus::Usage,
                  {{"what", what.toStdString()}, {"where", ""}, {"why", why.toStdString()}, {"hint", hint.toStdString()}});
}

void tell(const QString& line)
{
    const std::string safe = terminalSafe(line.toStdString()) + '\n';
    std::fwrite(safe.data(), 1, safe.size(), stderr);
}

void print(std::string_view text)
{
    // errno tells nothing about a stream that failed earlier, so the first failure is kept.
    if (firstFailure == 0 && std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
        firstFailure = errno != 0 ? errno : EIO;
}

void printLine(const QString& line)
{
    print(terminalSafe(line.toStdString()) + '\n');
}

static bool isTerminal(int fd)
{
    return ::isatty(fd) == 1;
}

void printJson(const nlohmann::json& value)
{
    // Bytes that are not UTF-8 (path names of a sandbox) become replacement characters: output stays valid JSON.
    printJsonText(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
    (void)flushOutput();
}

void printJsonText(std::string_view json)
{
    print(isTerminal(STDOUT_FILENO) ? terminalJson(json) : std::string(json));
}

void printForeign(std::string_view text)
{
    print(isTerminal(STDOUT_FILENO) ? terminalSafe(text, LineBreaks::Keep) : std::string(text));
}

int outputFailure()
{
    return firstFailure;
}

int flushOutput()
{
    if (firstFailure == 0 && std::fflush(stdout) != 0)
        firstFailure = errno != 0 ? errno : EIO;
    return firstFailure;
}

} // namespace gatehouse::cli
