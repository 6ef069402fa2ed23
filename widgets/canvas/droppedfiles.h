// Files and folders that were dropped on a workflow, as entries of its manifest. Reads the file system: for the background thread.
#pragma once

#include <QStringList>

#include "widgets/canvas/canvascommands.h"

namespace gatehouse::widgets {

struct DroppedFiles {
    std::vector<CanvasCommands::NewData> data;
    QStringList refused; // why, one for each; safe to show
};

// Only what lies within the project, links followed, becomes an entry; its path is relative to the workflow's folder.
[[nodiscard]] DroppedFiles readDroppedFiles(const QStringList& paths, const QString& projectFolder, const QString& workflowPath);

} // namespace gatehouse::widgets
