// RunListReader: the half of RunLister that lives on the journal thread. Not for others.
#pragma once

#include "core/journal/reader.h"
#include "widgets/models/runfold.h"
#include "widgets/models/runlistmodel.h"

#include <QObject>

#include <map>
#include <optional>

class QFileSystemWatcher;
class QTimer;

namespace gatehouse::widgets {

class RunListReader final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunListReader)
public:
    explicit RunListReader(std::string projectDirectory);
    void start();
    void poll();

Q_SIGNALS:
    void entriesChanged(const gatehouse::widgets::RunEntries& entries);

private:
    struct Followed {
        std::optional<journal::Reader> reader;
        RunFold fold;
        std::uint64_t next = 0;
        std::int64_t size = -1;
        bool alive = false;
        std::string failure; // as the reader told it, and as it is shown
        std::string shownFailure;
        RunEntry entry;
    };
    // Whether something changed.
    bool look(const std::string& directory, Followed& run);
    void readOn(const std::string& directory, Followed& run);
    static const std::string& shownFailure(const std::string& directory, Followed& run, const Error& error);

    std::string m_runsDirectory;
    std::map<std::string, Followed> m_runs; // by folder name: a UUID version 7 sorts by time
    bool m_first = true;
    QFileSystemWatcher* m_watcher = nullptr;
    QTimer* m_timer = nullptr;
};

} // namespace gatehouse::widgets
