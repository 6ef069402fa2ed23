// ProjectScanner: reads a project's documents off the GUI thread and gives a listing; again when its folders change.
// Owner: the main window. GUI thread.
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

#include "core/foundation/result.h"
#include "widgets/background.h"
#include "widgets/models/projecttreemodel.h"

namespace gatehouse::workbench {

// What a path means: a project, or a run or a workflow of one.
struct ProjectPlace {
    std::string project;
    std::string run;      // its folder; empty: none was named
    std::string workflow; // its file
};
// Both read the file system and may take long. Any thread.
[[nodiscard]] Result<ProjectPlace> findPlace(const std::string& path);
[[nodiscard]] widgets::ProjectListing scanProject(const std::string& directory);

// The half that lives on the background thread. Not for others.
class ProjectReader final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProjectReader)
public:
    explicit ProjectReader(std::string directory) : m_directory(std::move(directory)) { }
    void start();

Q_SIGNALS:
    void listingReady(const gatehouse::widgets::ProjectListingPtr& listing);

private:
    void scan();
    void watch();

    std::string m_directory;
    QFileSystemWatcher* m_watcher = nullptr;
    QTimer* m_settle = nullptr; // a save is several changes
};

class ProjectScanner final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProjectScanner)
public:
    ProjectScanner(const std::string& directory, widgets::BackgroundThread& background, QObject* parent = nullptr);
    ~ProjectScanner() override;
    void start();

Q_SIGNALS:
    void listingReady(const gatehouse::widgets::ProjectListingPtr& listing);

private:
    ProjectReader* m_reader; // deleted on its own thread
};

} // namespace gatehouse::workbench
