// What a sandbox takes of the host's memory, measured on a tick.
//
// Where a cgroup counts, only what outlives a call and what the host itself loses is looked at here.
//
// Without one: every page a command can make the kernel keep belongs to one of these, and each is counted as a whole, never by who
// happens to have it mapped: a process's own memory (processusage.h); an object of the sandbox's namespaces, which is a file
// of its private tmpfs mounts, a System V segment, queue or semaphore set, or a socket; a shared anonymous mapping, which has no
// name and is announced (sharedmappings.h). The filter refuses what would be none of them (memfd, vmsplice, /dev/zero shared).
// The rest is kernel memory for small things (locks, watches, maps), some of which no cgroup counts either: it is seen only as
// the growth of the host's own.
#pragma once

#include "sandbox/worker/sharedmappings.h"

#include <cstdint>
#include <sys/types.h>

namespace gatehouse::worker {

struct Usage {
    std::uint64_t memory = 0; // bytes
    std::uint64_t tasks = 0;  // threads count; the worker and the session's PID 1 do not
};

// What outlives a call: private tmpfs mounts and System V objects.
[[nodiscard]] std::uint64_t keptMemory();
[[nodiscard]] std::uint64_t queuesAndSemaphores(); // the System V ones of these
// Empties the temporary ones of them, after a call that filled them; nothing runs any more.
void clearTemporary();

// The host's own memory, during one call.
class HostWatch {
public:
    HostWatch(int proc, std::uint64_t limit);
    // What can't be measured counts against the call: bytes by which kernel memory grew, when more than the limit; or that the
    // host lost until it ran short, when more than the limit or when the call visibly takes a share of it. Else nothing.
    [[nodiscard]] std::uint64_t hidden(std::uint64_t visible) const;

private:
    struct Host {
        std::uint64_t total = 0;
        std::uint64_t available = 0;
        std::uint64_t kernel = 0; // kernel objects that can't be reclaimed
    };
    [[nodiscard]] Host read() const;

    int m_proc;
    std::uint64_t m_limit;
    Host m_before;
};

// One call, without a cgroup.
class UsageWatch {
public:
    UsageWatch(int proc, std::uint64_t limit) : m_proc(proc), m_limit(limit) { }
    void setKeeper(pid_t keeper) { m_shared.setKeeper(keeper); }
    void announceShared(std::uint64_t bytes) { m_shared.announce(bytes); }
    [[nodiscard]] Usage measure();

private:
    int m_proc;
    std::uint64_t m_limit;
    SharedMappings m_shared;
};

} // namespace gatehouse::worker
