// What the processes of a session use, when no cgroup counts it: read from /proc of the outer pid namespace on a tick.
//
// Resident sizes are summed first; only above the limit are the exact, costly proportional ones read. A process that made
// itself undumpable refuses those: its unshared resident size counts instead. Shared memory segments and the private tmpfs mounts count
// too. Kernel memory can't be seen; the filter and the descriptor limit bound it.
#pragma once

#include <cstdint>

namespace gatehouse::worker {

struct Usage {
    std::uint64_t memory = 0;    // bytes
    std::uint64_t processes = 0; // threads count; the worker and the session's PID 1 do not
};

// proc: a directory descriptor. enough: above it the memory figure is made exact.
[[nodiscard]] Usage measureUsage(int proc, std::uint64_t enough);

// The host is nearly out of memory.
[[nodiscard]] bool hostMemoryIsShort(int proc);

} // namespace gatehouse::worker
