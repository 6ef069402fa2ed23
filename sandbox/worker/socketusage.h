// Kernel memory in the buffers of all sockets of the sandbox's network namespace, as the kernel's own diagnosis gives it; the
// worker lives in that namespace and so sees also those that are in flight from one process to another.
#pragma once

#include <cstdint>

namespace gatehouse::worker {

// proc: of the worker. An upper bound; nothing when there are too few sockets to matter.
[[nodiscard]] std::uint64_t socketMemory(int proc);

} // namespace gatehouse::worker
