#include "sandbox/worker/watcher.h"

#include <algorithm>
#include <string>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "sandbox/worker/processusage.h"
#include "sandbox/worker/removetree.h"
#include "sandbox/worker/socketusage.h"

namespace gatehouse::worker {

static const std::uint64_t pageSize = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));

static constexpr const char* temporaryPlaces[] = {"/tmp", "/dev/shm", "/home/agent"};

static std::uint64_t sharedSegments()
{
    shm_info info = {};
    if (::shmctl(0, SHM_INFO, reinterpret_cast<shmid_ds*>(&info)) < 0)
        return 0;
    return (info.shm_rss + info.shm_swp) * pageSize;
}

// A message has a header of 48 bytes; a semaphore fills a line of the cache.
std::uint64_t queuesAndSemaphores()
{
    msginfo messages = {};
    seminfo semaphores = {};
    std::uint64_t bytes = 0;
    if (::msgctl(0, MSG_INFO, reinterpret_cast<msqid_ds*>(&messages)) >= 0)
        bytes += static_cast<std::uint64_t>(messages.msgtql) + static_cast<std::uint64_t>(messages.msgmap) * 64;
    if (::semctl(0, 0, SEM_INFO, &semaphores) >= 0)
        bytes += static_cast<std::uint64_t>(semaphores.semaem) * 64;
    return bytes;
}

static std::uint64_t temporaryFiles()
{
    std::uint64_t used = 0;
    for (const char* place : temporaryPlaces) {
        struct statvfs info = {};
        if (::statvfs(place, &info) == 0)
            used += (info.f_blocks - info.f_bfree) * info.f_frsize;
    }
    return used;
}

std::uint64_t keptMemory()
{
    return sharedSegments() + queuesAndSemaphores() + temporaryFiles();
}

void clearTemporary()
{
    for (const char* place : temporaryPlaces)
        emptyTree(place);
    shmid_ds segment = {};
    msqid_ds queue = {};
    semid_ds semaphores = {};
    for (int i = ::shmctl(0, SHM_INFO, &segment); i >= 0; --i)
        if (const int id = ::shmctl(i, SHM_STAT, &segment); id >= 0)
            ::shmctl(id, IPC_RMID, nullptr);
    for (int i = ::msgctl(0, MSG_INFO, &queue); i >= 0; --i)
        if (const int id = ::msgctl(i, MSG_STAT, &queue); id >= 0)
            ::msgctl(id, IPC_RMID, nullptr);
    seminfo info = {};
    for (int i = ::semctl(0, 0, SEM_INFO, &info); i >= 0; --i)
        if (const int id = ::semctl(i, 0, SEM_STAT, &semaphores); id >= 0)
            ::semctl(id, 0, IPC_RMID);
}

HostWatch::HostWatch(int proc, std::uint64_t limit) : m_proc(proc), m_limit(limit), m_before(read()) { }

HostWatch::Host HostWatch::read() const
{
    const std::string text = readProc(m_proc, "meminfo");
    return {kilobytes(text, "MemTotal:"), kilobytes(text, "\nMemAvailable:"),
            kilobytes(text, "\nSUnreclaim:") + kilobytes(text, "\nVmallocUsed:")};
}

std::uint64_t HostWatch::hidden(std::uint64_t visible) const
{
    const Host now = read();
    const auto rise = [](std::uint64_t from, std::uint64_t to) { return to > from ? to - from : 0; };
    const std::uint64_t kernel = rise(m_before.kernel, now.kernel);
    if (kernel > m_limit)
        return kernel;
    const bool isShort = now.total > 0 && now.available < std::max<std::uint64_t>(64ull << 20, now.total / 50);
    const std::uint64_t lost = rise(now.available, m_before.available);
    return isShort && (lost > m_limit || visible > m_limit / 4) ? std::max(lost, m_limit + 1) : 0;
}

Usage UsageWatch::measure()
{
    Usage usage;
    const std::uint64_t objects = keptMemory() + socketMemory(m_proc);
    const auto left = [this](std::uint64_t taken) { return m_limit > taken ? m_limit - taken : 0; };
    // The rough figure is enough as long as it is below the limit; each next step costs more and is more exact.
    const std::uint64_t mappings = m_shared.bytes(m_proc, left(objects));
    const ProcessUsage processes = measureProcesses(m_proc, left(objects + mappings));
    usage.memory = objects + mappings + processes.memory;
    usage.tasks = processes.tasks - std::min<std::uint64_t>(processes.tasks, 1); // the session's PID 1
    return usage;
}

} // namespace gatehouse::worker
