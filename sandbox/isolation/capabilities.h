// Giving up privileges. Async-signal-safe but for the Error of a failure.
#pragma once

#include "core/foundation/result.h"

namespace gatehouse::isolation {

// The worker: no bounding set, root means nothing any more (locked), of its own user namespace it keeps CAP_SYS_ADMIN (a
// session's namespaces need it) and CAP_SYS_PTRACE (to count what undumpable processes use), no new privileges, not dumpable.
[[nodiscard]] Result<void> keepWorkerCapabilities();
// A session: nothing is kept.
[[nodiscard]] Result<void> dropAllCapabilities();

} // namespace gatehouse::isolation
