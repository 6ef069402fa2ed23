// ProjectScanner: reads a project's documents on a thread of its own and gives a listing; again when its folders change.
// Owner: the main window. GUI thread.
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QThread>
#include <QTimer>

#include "widgets/models/projecttreemodel.h"

namespace gatehouse::workbench {

// Reads everything; may take long. Any thread.
[[nodiscard]] widgets::ProjectListing scanProject(const std::string& directory);

class ProjectScanner final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProjectScanner)
public:
    explicit ProjectScanner(const std::string& directory, QObject* parent = nullptr);
    ~ProjectScanner() override;
    void start();

Q_SIGNALS:
    void listingReady(const gatehouse::widgets::ProjectListingPtr& listing);

private:
    void scan();
    void watch();

    std::string m_directory;
    QThread m_thread;
    QObject* m_worker;
    QFileSystemWatcher m_watcher;
    QTimer m_settle; // a save is several changes
};

} // namespace gatehouse::workbench
