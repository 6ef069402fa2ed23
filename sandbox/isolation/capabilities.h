// Giving up privileges. Async-signal-safe but for the Error of a failure.
#pragma once

#include "core/foundation/result.h"

namespace gatehouse::isolation {

// The worker: no bounding set, root means nothing any more (locked), only CAP_SYS_ADMIN of its own user namespace is kept,
// no new privileges, not dumpable.
[[nodiscard]] Result<void> keepOnlySysAdmin();
// A session: nothing is kept.
[[nodiscard]] Result<void> dropAllCapabilities();

} // namespace gatehouse::isolation
