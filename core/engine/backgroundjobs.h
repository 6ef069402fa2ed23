// Blocking work off the engine's event loop: sandbox calls, reading a manifest's sources.
//
// run() starts work on a thread and delivers its value to done on the thread that owns this object, in a queued call.
// After the owner is destroyed nothing is delivered; the destructor waits for what still runs (cancel it first).
#pragma once

#include <QObject>
#include <QThreadPool>

#include <memory>
#include <utility>

namespace gatehouse::engine {

class BackgroundJobs final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BackgroundJobs)

public:
    explicit BackgroundJobs(int threads, QObject* parent = nullptr);
    ~BackgroundJobs() override;

    template <typename Work, typename Done> void run(Work work, Done done)
    {
        // std::function must copy, a unique_ptr in the value can't: the value crosses in a shared box, used once.
        m_pool.start([this, work = std::move(work), done = std::move(done)]() mutable {
            auto box = std::make_shared<decltype(work())>(work());
            QMetaObject::invokeMethod(this, [box, done = std::move(done)]() mutable { done(std::move(*box)); }, Qt::QueuedConnection);
        });
    }

private:
    QThreadPool m_pool;
};

} // namespace gatehouse::engine
