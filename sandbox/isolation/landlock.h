// Landlock: the second wall round the file system, for when the mount view has a hole. Applied after every mount, per session.
//
// Not mediated by any ABI up to 7: stat, chmod, chown, utimes, extended attributes, and connect() to pathname sockets; the mount
// view and seccomp stand for those. TCP is not handled: the network namespace is empty, and tests of an agent's programs
// may talk to themselves over its loopback.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <cstdint>
#include <span>

namespace gatehouse::isolation {

enum class PathRight {
    Read, // files and listings
    ReadExecute,
    ListOnly, // the folder itself
    Write,    // everything but sockets and devices; also execute
    Device,   // read, write and ioctl of one node
};

struct PathRule {
    const char* path;
    PathRight right;
};

// 0 when the kernel has no Landlock.
[[nodiscard]] int landlockAbi();

// Confines this thread and its children to the rules, by every right that the ABI knows. A path that is not there is left out.
// Async-signal-safe but for the Error of a failure. abi: at most the kernel's; less than that is for tests of older kernels.
[[nodiscard]] Result<void> confineToPaths(std::span<const PathRule> rules, int abi = landlockAbi());

} // namespace gatehouse::isolation
