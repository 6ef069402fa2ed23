#include "app/cli/projectoption.h"

#include "core/workflow/project.h"

#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>

namespace gatehouse::cli {

Result<std::string> projectOf(const Arguments& arguments)
{
    const auto given = arguments.value(QStringLiteral("project"));
    if (!given)
        return workflow::findProject(QDir::currentPath().toStdString());
    const QString path = QDir(QString::fromStdString(*given)).canonicalPath();
    if (path.isEmpty() || !QDir(path).exists(QString::fromLatin1(workflow::projectFileName)))
        return fail(ErrorCode::NotFound, *given, "This folder is not a project: it has no gatehouse.json", "gatehouse new makes one");
    return path.toStdString();
}

// As a shell reads it back.
static QString shellWord(const QString& word)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_@%+=:,./-]+$"));
    if (plain.match(word).hasMatch())
        return word;
    return u'\'' + QString(word).replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

QString programFor(const std::string& project)
{
    const QString program = shellWord(QCoreApplication::arguments().value(0, QStringLiteral("gatehouse")));
    const auto found = workflow::findProject(QDir::currentPath().toStdString());
    return found && *found == project ? program : program + QStringLiteral(" --project ") + shellWord(QString::fromStdString(project));
}

std::string siblingProgram(const std::string& name)
{
    return QCoreApplication::applicationDirPath().toStdString() + '/' + name;
}

} // namespace gatehouse::cli
