// Making processes by clone3, with a descriptor that names them for good.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <cstdint>
#include <sys/types.h>

namespace gatehouse::isolation {

// pid is 0 in the child. The callers have one thread, so the child may go on as after fork().
struct ClonedProcess {
    pid_t pid = 0;
    UniqueFd handle; // a pidfd, in the parent
};

// flags: CLONE_NEW… and CLONE_PARENT; CLONE_PIDFD is added. exitSignal is 0 with CLONE_PARENT.
[[nodiscard]] Result<ClonedProcess> cloneProcess(std::uint64_t flags, int exitSignal);

// SIGKILL, then waits until the process (and, for a PID 1, everything in its namespace) is gone. Reaps it if it is a child.
void killAndReap(pid_t pid, int handle);

// Every namespace kind of a sandbox.
extern const std::uint64_t allNamespaces;

} // namespace gatehouse::isolation
