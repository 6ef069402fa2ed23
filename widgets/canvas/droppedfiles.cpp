#include "widgets/canvas/droppedfiles.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

// More at once is a slip of the hand: a whole folder's files instead of the folder.
static constexpr qsizetype mostDropped = 64;

static QString words(const char* sentence)
{
    return QCoreApplication::translate("gatehouse::widgets::DroppedFiles", sentence);
}

static nlohmann::json entryOf(const QFileInfo& file, const std::string& relative)
{
    if (!file.isDir())
        return {{"type", "local_file"}, {"src", relative}};
    // ".git" is a file in a worktree of another repository.
    if (QFileInfo::exists(file.filePath() + QStringLiteral("/.git")))
        return {{"type", "git_repo"}, {"host", "local"}, {"repo", relative}};
    return {{"type", "local_dir"}, {"src", relative}};
}

DroppedFiles readDroppedFiles(const QStringList& paths, const QString& projectFolder, const QString& workflowPath)
{
    DroppedFiles out;
    if (paths.size() > mostDropped) {
        out.refused << words("%1 files at once are too many: drop their folder").arg(paths.size());
        return out;
    }
    const QString project = QFileInfo(projectFolder).canonicalFilePath();
    const QDir from(QFileInfo(workflowPath).canonicalPath());
    for (const QString& path : paths) {
        const QFileInfo file(QFileInfo(path).canonicalFilePath());
        const QString name = shown(QFileInfo(path).fileName().toStdString());
        if (file.filePath().isEmpty() || !file.exists())
            out.refused << words("%1 can't be read").arg(name);
        else if (!file.isDir() && !file.isFile())
            out.refused << words("%1 is neither a file nor a folder").arg(name);
        else if (project.isEmpty() || !file.filePath().startsWith(project + u'/'))
            out.refused << words("%1 lies outside the project: copy it into the project first").arg(name);
        else {
            const std::string relative = from.relativeFilePath(file.filePath()).toStdString();
            out.data.push_back({file.fileName().toStdString(), entryOf(file, relative)});
        }
    }
    return out;
}

} // namespace gatehouse::widgets
