// open and bench: programs of their own, started in our place.
#include "app/cli/commands.h"
#include "app/cli/console.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace gatehouse::cli {

static ExitStatus become(const QString& what, const std::string& name, const QStringList& arguments)
{
    std::vector<std::string> words = {siblingProgram(name)};
    for (const QString& argument : arguments)
        words.push_back(argument.toStdString());
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(argv.front(), argv.data());
    return reportError(what, failErrno(words.front(), "Could not start the program", errno).error());
}

ExitStatus openCommand(const QStringList& raw)
{
    return become(raw.first(), "gatehouse-workbench", raw.mid(1));
}

ExitStatus benchCommand(const QStringList& raw)
{
    return become(raw.first(), "gatehouse-bench", raw.mid(1));
}

} // namespace gatehouse::cli
