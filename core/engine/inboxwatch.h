// InboxWatch: what other processes put into the run's inbox, as it comes. The run's thread.
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

#include "core/engine/recorder.h"
#include "core/journal/inbox.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <set>
#include <string>

namespace gatehouse::engine {

class InboxWatch final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(InboxWatch)

public:
    explicit InboxWatch(Recorder& recorder, QObject* parent = nullptr);
    // Watches, and takes what is already there.
    [[nodiscard]] Result<void> start();
    // What comes later stays in the inbox.
    void stop();
    // From a receiver of arrived(): the message could not be journaled, so it stays for the next writer.
    void keepCurrent() { m_keepCurrent = true; }

Q_SIGNALS:
    // A well-formed message: {"kind": "vote" | "stop" | "pause" | "say", …}. Removed after the receivers returned.
    void arrived(const std::string& name, const nlohmann::json& message);
    void recordFailed(const gatehouse::Error& error);

private:
    void take();
    void remove(const journal::Inbox& inbox, const std::string& name);

    Recorder& m_recorder;
    bool m_keepCurrent = false;
    // Handled, and could not be removed: they are not handled again.
    std::set<std::string> m_stuck;
    std::unique_ptr<journal::Inbox> m_inbox;
    QFileSystemWatcher m_watcher;
    QTimer m_timer; // where notifications don't reach (network file systems), and for what came between two of them
};

// Journals that a message does not count.
[[nodiscard]] Result<void> rejectMessage(Recorder& recorder, const std::string& name, const std::string& why);

} // namespace gatehouse::engine
