#include "app/cli/passthrough.h"

#include "app/cli/console.h"

#include <chrono>
#include <cstdio>
#include <unistd.h>

namespace gatehouse::cli {

using namespace std::chrono_literals;

// Enough for a reader's pauses.
static constexpr std::size_t mostWaiting = 1 << 20;
// How soon a cancellation is seen while there is no room.
static constexpr auto cancelGlance = 50ms;

static void writeError(std::string_view bytes)
{
    std::fwrite(bytes.data(), 1, bytes.size(), stderr);
    std::fflush(stderr);
}

Passthrough::Passthrough(CancelSource& cancel)
    : m_cancel(cancel),
      m_outputTerminal(::isatty(STDOUT_FILENO) == 1),
      m_errorTerminal(::isatty(STDERR_FILENO) == 1),
      m_thread([this] { write(); })
{
}

Passthrough::~Passthrough()
{
    {
        const std::lock_guard lock(m_mutex);
        m_over = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void Passthrough::outputArrived(execution::Stream stream, std::string_view bytes)
{
    std::unique_lock lock(m_mutex);
    while (m_waiting >= mostWaiting) {
        if (m_cancel.token().cancelled())
            return;
        m_changed.wait_for(lock, cancelGlance);
    }
    m_pieces.push_back({stream, std::string(bytes)});
    m_waiting += bytes.size();
    m_changed.notify_all();
}

void Passthrough::write()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return !m_pieces.empty() || m_over; });
        if (m_pieces.empty())
            break;
        const Piece piece = std::move(m_pieces.front());
        m_pieces.pop_front();
        lock.unlock();
        writePiece(piece);
        lock.lock();
        m_waiting -= piece.bytes.size();
        m_changed.notify_all();
    }
    lock.unlock();
    writeLast();
}

void Passthrough::writePiece(const Piece& piece)
{
    if (piece.stream == execution::Stream::Error)
        return writeError(m_errorTerminal ? m_error.next(piece.bytes) : piece.bytes);
    print(m_outputTerminal ? m_output.next(piece.bytes) : piece.bytes);
    if (flushOutput() != 0)
        m_cancel.cancel();
}

void Passthrough::writeLast()
{
    print(m_output.end());
    writeError(m_error.end());
    (void)flushOutput();
}

} // namespace gatehouse::cli
