// CallObserver: output of a running command on its way into the journal, in batches.
//
// Bytes arrive on the thread that runs the command and leave on the run's thread, at most every flushInterval. What was
// never flushed when the command ends is the outcome's own: take() says how many bytes of each stream are in records.
#pragma once

#include <QObject>
#include <QTimer>

#include "core/execution/execrequest.h"

#include <array>
#include <chrono>
#include <mutex>
#include <string>

namespace gatehouse::engine {

class CallObserver final : public QObject, public execution::ExecObserver {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallObserver)

public:
    static constexpr std::chrono::milliseconds flushInterval{100};
    // A record holds at most this much; the rest follows in the next.
    static constexpr std::size_t largestChunk = 8 << 10;

    explicit CallObserver(QObject* parent = nullptr);
    void outputArrived(execution::Stream stream, std::string_view bytes) override;
    void begin();
    // Stops; bytes of each stream that were given to chunkReady.
    [[nodiscard]] std::array<std::size_t, 2> end();

Q_SIGNALS:
    void chunkReady(gatehouse::execution::Stream stream, const std::string& bytes);

private:
    void flush();

    QTimer m_timer;
    std::mutex m_mutex;
    std::array<std::string, 2> m_pending; // by stream; under the mutex
    std::array<std::size_t, 2> m_flushed = {0, 0};
};

} // namespace gatehouse::engine
