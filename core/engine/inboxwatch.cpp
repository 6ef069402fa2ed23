#include "core/engine/inboxwatch.h"

#include "core/engine/events.h"

namespace gatehouse::engine {

static constexpr int pollMilliseconds = 500;

InboxWatch::InboxWatch(Recorder& recorder, QObject* parent) : QObject(parent), m_recorder(recorder)
{
    m_timer.setInterval(pollMilliseconds);
    connect(&m_timer, &QTimer::timeout, this, &InboxWatch::take);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &InboxWatch::take);
}

Result<void> InboxWatch::start()
{
    GH_ASSIGN(journal::Inbox inbox, journal::Inbox::open(m_recorder.directory()));
    m_inbox = std::make_unique<journal::Inbox>(std::move(inbox));
    m_watcher.addPath(QString::fromStdString(m_inbox->path()));
    m_timer.start();
    QTimer::singleShot(0, this, &InboxWatch::take);
    return {};
}

void InboxWatch::stop()
{
    m_timer.stop();
    m_inbox.reset();
}

void InboxWatch::take()
{
    if (!m_inbox)
        return;
    // A copy: a message may end the run, and with it this watch, while it is handled.
    const journal::Inbox inbox = *m_inbox;
    const auto contents = inbox.take();
    if (!contents)
        return; // a folder that can't be read now may be readable at the next tick; nothing was decided
    for (const journal::InboxReject& reject : contents->rejects) {
        if (m_stuck.contains(reject.name))
            continue;
        if (const auto noted = rejectMessage(m_recorder, reject.name, reject.why.format()); !noted)
            return Q_EMIT recordFailed(noted.error());
        remove(inbox, reject.name);
    }
    for (const journal::InboxMessage& message : contents->messages) {
        if (!m_inbox)
            return; // the run is over; what is left stays for whoever takes it over
        if (m_stuck.contains(message.name))
            continue;
        m_keepCurrent = false;
        Q_EMIT arrived(message.name, message.json);
        // Journaled by whoever received it: only now may it go.
        if (!m_keepCurrent)
            remove(inbox, message.name);
    }
}

void InboxWatch::remove(const journal::Inbox& inbox, const std::string& name)
{
    if (!inbox.remove(name))
        m_stuck.insert(name);
}

Result<void> rejectMessage(Recorder& recorder, const std::string& name, const std::string& why)
{
    // Names and reasons come from whoever wrote the file: any bytes, any length.
    return recorder.note(systemEvent(journal::EventType::InboxRejected, {{"name", boundedText(name)}, {"why", boundedText(why)}}));
}

} // namespace gatehouse::engine
