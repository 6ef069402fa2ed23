#include "app/cli/passthrough.h"

#include "app/cli/console.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <poll.h>
#include <unistd.h>

namespace gatehouse::cli {

// Enough for a reader's pauses.
static constexpr std::size_t mostWaiting = 1 << 20;
static constexpr int cancelGlanceMs = 50;

Passthrough::Passthrough(CancelSource& cancel)
    : m_cancel(cancel),
      m_outputTerminal(::isatty(STDOUT_FILENO) == 1),
      m_errorTerminal(::isatty(STDERR_FILENO) == 1),
      m_thread([this] { write(); })
{
}

Passthrough::~Passthrough()
{
    if (m_thread.joinable())
        (void)finish();
}

bool Passthrough::finish()
{
    {
        const std::lock_guard lock(m_mutex);
        m_over = true;
    }
    m_changed.notify_all();
    m_thread.join();
    return !m_outputLost && !m_errorLost;
}

void Passthrough::outputArrived(execution::Stream stream, std::string_view bytes)
{
    const std::lock_guard lock(m_mutex);
    m_pieces.push_back({stream, std::string(bytes)});
    m_waiting += bytes.size();
    m_changed.notify_all();
}

bool Passthrough::takesOutput()
{
    const std::lock_guard lock(m_mutex);
    return m_waiting < mostWaiting;
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
        if (piece.stream == execution::Stream::Error)
            writeError(m_errorTerminal ? m_error.next(piece.bytes) : piece.bytes);
        else
            writeOutput(m_outputTerminal ? m_output.next(piece.bytes) : piece.bytes);
        lock.lock();
        m_waiting -= piece.bytes.size();
    }
    lock.unlock();
    writeOutput(m_output.end());
    writeError(m_error.end());
}

// Whether a small write will not wait. A pipe that is writable takes PIPE_BUF bytes at once.
bool Passthrough::awaitRoom(int descriptor, bool& lost)
{
    pollfd wait = {descriptor, POLLOUT, 0};
    while (!lost) {
        const bool cancelled = m_cancel.token().cancelled(); // asked first, so that one look follows in any case
        const int ready = ::poll(&wait, 1, cancelled ? 0 : cancelGlanceMs);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true; // an error is for the write to tell
        lost = cancelled;
    }
    return false;
}

void Passthrough::writeOutput(std::string_view bytes)
{
    for (; !bytes.empty() && awaitRoom(STDOUT_FILENO, m_outputLost); bytes.remove_prefix(std::min<std::size_t>(bytes.size(), PIPE_BUF))) {
        print(bytes.substr(0, PIPE_BUF));
        if (flushOutput() != 0)
            return m_cancel.cancel();
    }
}

void Passthrough::writeError(std::string_view bytes)
{
    for (; !bytes.empty() && awaitRoom(STDERR_FILENO, m_errorLost); bytes.remove_prefix(std::min<std::size_t>(bytes.size(), PIPE_BUF))) {
        const std::string_view part = bytes.substr(0, PIPE_BUF);
        std::fwrite(part.data(), 1, part.size(), stderr);
        std::fflush(stderr);
    }
}

} // namespace gatehouse::cli
