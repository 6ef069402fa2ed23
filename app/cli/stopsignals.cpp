#include "app/cli/stopsignals.h"

#include "app/cli/exitstatus.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

namespace gatehouse::cli {

namespace {

constexpr std::array<int, 3> stopping = {SIGINT, SIGTERM, SIGHUP};
// timeout(1) sends its signal to the process and to its group: the same wish twice.
constexpr std::int64_t sameWishMs = 100;

volatile std::sig_atomic_t pipeEnd = -1;
volatile std::int64_t askedAtMs = 0; // 0: not yet

std::int64_t nowMs()
{
    timespec now = {};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

// Only async-signal-safe calls.
void handleSignal(int number)
{
    const int savedErrno = errno;
    const std::int64_t now = nowMs();
    if (askedAtMs == 0) {
        askedAtMs = now;
        const char byte = 1;
        if (pipeEnd >= 0) [[maybe_unused]]
            const auto written = ::write(pipeEnd, &byte, 1);
    } else if (number == SIGINT && now - askedAtMs > sameWishMs) {
        ::_exit(static_cast<int>(ExitStatus::Interrupted));
    }
    errno = savedErrno;
}

} // namespace

StopSignals::StopSignals()
{
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    m_read.reset(ends[0]);
    m_write.reset(ends[1]);
    askedAtMs = 0;
    pipeEnd = ends[1];
    struct sigaction action = {};
    action.sa_handler = handleSignal;
    action.sa_flags = SA_RESTART;
    for (std::size_t i = 0; i < stopping.size(); ++i) {
        ::sigaction(stopping[i], nullptr, &m_before[i]);
        // nohup's wish stands. (A script's background job ignores SIGINT without anybody's wish.)
        if (stopping[i] != SIGHUP || m_before[i].sa_handler != SIG_IGN)
            ::sigaction(stopping[i], &action, nullptr);
    }
}

StopSignals::~StopSignals()
{
    if (!m_write)
        return;
    for (std::size_t i = 0; i < stopping.size(); ++i)
        ::sigaction(stopping[i], &m_before[i], nullptr);
    pipeEnd = -1;
}

} // namespace gatehouse::cli
