#include "sandbox/worker/limitwatch.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <unistd.h>

namespace gatehouse::worker {

using Time = std::chrono::steady_clock;
using protocol::WireEnd;
using protocol::WireLimit;

// How often usage is read where no cgroup counts: a process fills at most some 40 MiB in that time.
static constexpr int tickMs = 20;
// Where there are more than half of the processes allowed: the others are made in no time.
static constexpr int hurriedTickMs = 5;
// How often a cgroup's refused forks are read: version 1 announces them to nobody.
static constexpr int eventTickMs = 100;
// A session needs this much to be started without the kernel looking for somebody to kill.
static constexpr std::uint64_t startingRoom = 2 << 20;

// A socket asks for its buffers in pieces of about this size.
static constexpr std::uint64_t socketStep = 64 << 10;

// The kernel gives back what the sockets of the dead held when it comes to it.
static constexpr int releaseGlanceMs = 5;
static constexpr auto releasePatience = std::chrono::seconds(2);

static std::uint64_t readNumber(int fd)
{
    char buffer[64] = {};
    return fd >= 0 && ::pread(fd, buffer, sizeof buffer - 1, 0) > 0 ? std::strtoull(buffer, nullptr, 10) : 0;
}

static std::string_view readEvents(int fd, char (&buffer)[512])
{
    const ssize_t got = fd >= 0 ? ::pread(fd, buffer, sizeof buffer, 0) : -1;
    return {buffer, got > 0 ? static_cast<std::size_t>(got) : 0};
}

std::uint64_t eventCount(std::string_view text, std::string_view key)
{
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        std::uint64_t count = 0;
        if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == ' ' &&
            std::from_chars(line.data() + key.size() + 1, line.data() + line.size(), count).ec == std::errc())
            return count;
    }
    return 0;
}

LimitWatch::LimitWatch(const WorkerState& state)
    : m_state(state),
      m_processEventsBefore(processEvents()),
      m_memoryEventsBefore(memoryEvents()),
      m_host(state.proc, state.limits.memory),
      m_nextLook(Time::now() + std::chrono::milliseconds(eventTickMs)),
      m_nextTick(Time::now() + std::chrono::milliseconds(tickMs / 4)) // a bomb is well under way by then
{
    // An event that came after an earlier call's end is not this call's.
    (void)outOfMemory();
    if (!state.hasCgroup())
        m_usage.emplace(state.proc, state.limits.memory);
}

std::uint64_t LimitWatch::processEvents() const
{
    char buffer[512];
    return eventCount(readEvents(m_state.processEvents, buffer), "max");
}

// Not "oom_kill": that also counts whom the host's own shortage killed.
std::uint64_t LimitWatch::memoryEvents() const
{
    char buffer[512];
    return m_state.memoryEventsAreText ? eventCount(readEvents(m_state.memoryEvents, buffer), "oom") : 0;
}

// Version 1 takes the event away.
bool LimitWatch::outOfMemory()
{
    if (m_state.memoryEventsAreText)
        return memoryEvents() > m_memoryEventsBefore;
    std::uint64_t count = 0;
    pollfd memory = {m_state.memoryEvents, POLLIN, 0};
    return m_state.hasCgroup() && ::poll(&memory, 1, 0) == 1 && ::read(m_state.memoryEvents, &count, sizeof count) > 0;
}

void LimitWatch::breach(WireLimit limit, std::uint64_t value, std::uint64_t maximum)
{
    const auto same = [limit](const protocol::WireBreach& known) { return known.limit == limit; };
    if (std::none_of(m_breaches.begin(), m_breaches.end(), same))
        m_breaches.push_back({limit, static_cast<std::int64_t>(value), static_cast<std::int64_t>(maximum)});
}

void LimitWatch::checkKept()
{
    const std::uint64_t kept = keptMemory();
    if (kept + startingRoom > m_state.limits.memory)
        breach(WireLimit::Memory, std::max(kept, m_state.limits.memory), m_state.limits.memory);
}

void LimitWatch::take(const SessionStatus& status)
{
    if (status.kind == SessionStatus::Kind::Refused)
        m_refused = std::max(m_refused, status.figure);
    else if (status.kind == SessionStatus::Kind::TooMany)
        breach(WireLimit::Processes, status.figure, m_state.limits.processes);
    else if (status.kind == SessionStatus::Kind::Shared && m_usage)
        m_usage->announceShared(status.figure);
}

// Some protocols go past the limit, others are held just there.
bool LimitWatch::socketsAreFull() const
{
    return readNumber(m_state.socketUsage) + socketStep >= m_state.limits.memory;
}

void LimitWatch::readCgroup()
{
    const std::uint64_t limit = m_state.limits.memory;
    if (outOfMemory())
        breach(WireLimit::Memory, std::max(readNumber(m_state.memoryUsage), limit), limit);
    if (socketsAreFull())
        breach(WireLimit::Memory, std::max(readNumber(m_state.socketUsage), limit), limit);
    if (processEvents() > m_processEventsBefore)
        breach(WireLimit::Processes, m_state.limits.processes + 1, m_state.limits.processes);
}

void LimitWatch::measure()
{
    const Usage usage = m_usage->measure();
    m_visible = usage.memory;
    m_manyTasks = usage.tasks > m_state.limits.processes / 2;
    if (usage.memory > m_state.limits.memory)
        breach(WireLimit::Memory, usage.memory, m_state.limits.memory);
    if (usage.tasks > m_state.limits.processes)
        breach(WireLimit::Processes, usage.tasks, m_state.limits.processes);
}

void LimitWatch::lookAtHost()
{
    m_nextLook = Time::now() + std::chrono::milliseconds(eventTickMs);
    if (const std::uint64_t hidden = m_host.hidden(m_visible); hidden > 0)
        breach(WireLimit::Memory, hidden, m_state.limits.memory);
}

void LimitWatch::tick()
{
    if (m_state.hasCgroup())
        readCgroup();
    else
        measure();
    if (Time::now() >= m_nextLook)
        lookAtHost();
    const int usual = m_state.hasCgroup() ? eventTickMs : tickMs;
    m_nextTick = Time::now() + std::chrono::milliseconds(m_manyTasks ? hurriedTickMs : usual);
}

void LimitWatch::judgeEnd(WireEnd end, std::int64_t status)
{
    // An event may have come in the same instant as the end it caused.
    if (end != WireEnd::Cancelled)
        readCgroup();
    const bool failed = end == WireEnd::Signalled || (end == WireEnd::Exited && status != 0);
    if (failed && m_refused > 0)
        breach(WireLimit::Memory, m_refused, m_state.limits.memory);
    // What it leaves would keep the next call from starting: it is this one's doing.
    if (end != WireEnd::Cancelled && end != WireEnd::Failed)
        checkKept();
    if (end == WireEnd::Signalled && status == SIGXFSZ)
        breach(WireLimit::Disk, m_state.limits.fileSize, m_state.limits.fileSize);
}

void LimitWatch::clearAfter() const
{
    const auto memory = [](const protocol::WireBreach& known) { return known.limit == WireLimit::Memory; };
    if (std::none_of(m_breaches.begin(), m_breaches.end(), memory))
        return;
    if (keptMemory() > m_state.limits.memory / 2)
        clearTemporary();
    // Else the next call would be ended for what this one took.
    for (const auto until = Time::now() + releasePatience; socketsAreFull() && Time::now() < until;)
        ::poll(nullptr, 0, releaseGlanceMs);
}

} // namespace gatehouse::worker
