#include "core/engine/callobserver.h"

#include <utility>

namespace gatehouse::engine {

CallObserver::CallObserver(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(flushInterval);
    connect(&m_timer, &QTimer::timeout, this, &CallObserver::flush);
}

void CallObserver::outputArrived(execution::Stream stream, std::string_view bytes)
{
    const std::scoped_lock lock(m_mutex);
    m_pending[static_cast<std::size_t>(stream)] += bytes;
}

void CallObserver::begin()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_pending = {};
    }
    m_flushed = {0, 0};
    m_timer.start();
}

std::array<std::size_t, 2> CallObserver::end()
{
    m_timer.stop();
    const std::scoped_lock lock(m_mutex);
    m_pending = {};
    return m_flushed;
}

void CallObserver::flush()
{
    std::array<std::string, 2> ready;
    {
        const std::scoped_lock lock(m_mutex);
        std::swap(ready, m_pending);
    }
    for (std::size_t stream = 0; stream < ready.size(); ++stream) {
        for (std::size_t at = 0; at < ready[stream].size(); at += largestChunk) {
            const std::string chunk = ready[stream].substr(at, largestChunk);
            m_flushed[stream] += chunk.size();
            Q_EMIT chunkReady(static_cast<execution::Stream>(stream), chunk);
        }
    }
}

} // namespace gatehouse::engine
