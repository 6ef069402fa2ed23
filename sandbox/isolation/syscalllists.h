// The system calls a command may make, by list; those with conditions on their arguments are in seccomp.cpp. Everything in
// neither list looks absent (ENOSYS), so that programs fall back as they do on an older kernel.
#pragma once

#include <span>

namespace gatehouse::isolation {

[[nodiscard]] std::span<const int> allowedCalls();
// EPERM: mounts, namespaces, tracing, keys, kernel interfaces with a history of escapes, the machine's own state.
[[nodiscard]] std::span<const int> refusedCalls();

} // namespace gatehouse::isolation
