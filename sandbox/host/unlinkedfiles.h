// Files of a layer that have no name any more but are still there, because a process of the sandbox has them open.
#pragma once

#include <cstdint>
#include <sys/types.h>

namespace gatehouse::host {

struct UnlinkedFiles {
    std::uint64_t bytes = 0;
    std::uint64_t files = 0;
    // There may be more that can't be measured: only mapped, on their way between processes, out of our sight, or more than can be
    // looked through in some 50 ms.
    bool hidden = false;
};

// worker: PID 1 of the sandbox, as this process sees it; its children are our own processes. layer: the folder's device.
[[nodiscard]] UnlinkedFiles findUnlinkedFiles(pid_t worker, dev_t layer);

} // namespace gatehouse::host
