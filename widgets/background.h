// A thread for what may wait for the file system, and errands on it, so that the GUI thread never does.
#pragma once

#include <QObject>
#include <QThread>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace gatehouse::widgets {

// Ends when it is destroyed, after what runs on it.
class BackgroundThread final {
public:
    explicit BackgroundThread(const QString& name)
    {
        m_thread.setObjectName(name);
        m_thread.start();
    }
    ~BackgroundThread()
    {
        m_thread.quit();
        m_thread.wait();
    }
    BackgroundThread(const BackgroundThread&) = delete;
    BackgroundThread& operator=(const BackgroundThread&) = delete;
    [[nodiscard]] QThread& thread() { return m_thread; }

private:
    QThread m_thread;
};

class Errand final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Errand)
public:
    Errand() = default;

Q_SIGNALS:
    void done();
};

// Runs work on the thread and gives its value to take on the receiver's thread, unless the receiver is gone by then.
template <typename Work, typename Take> void inBackground(BackgroundThread& background, QObject* receiver, Work work, Take take)
{
    auto value = std::make_shared<std::optional<std::invoke_result_t<Work>>>();
    auto* errand = new Errand;
    QObject::connect(errand, &Errand::done, receiver, [value, take = std::move(take)] { take(std::move(**value)); }, Qt::QueuedConnection);
    QObject::connect(&background.thread(), &QThread::finished, errand, &QObject::deleteLater);
    errand->moveToThread(&background.thread());
    QMetaObject::invokeMethod(
        errand,
        [errand, value, work = std::move(work)] {
            value->emplace(work());
            Q_EMIT errand->done();
            errand->deleteLater();
        },
        Qt::QueuedConnection);
}

} // namespace gatehouse::widgets
