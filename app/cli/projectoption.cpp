#include "app/cli/projectoption.h"

#include "core/workflow/project.h"

#include <QCoreApplication>
#include <QDir>

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

std::string siblingProgram(const std::string& name)
{
    return QCoreApplication::applicationDirPath().toStdString() + '/' + name;
}

} // namespace gatehouse::cli
