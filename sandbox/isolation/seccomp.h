// The system call filter of every command. Built once, before any process is made; installed last before exec.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <cstdint>
#include <linux/filter.h>
#include <vector>

namespace gatehouse::isolation {

struct FilterOptions {
    // Private writable mappings above this many bytes are announced to the listener; 0: none are.
    std::uint64_t largestMapping = 0;
    // Who counts memory and processes. Without a cgroup, what is no countable object is absent (memfd, vmsplice), and every
    // shared anonymous mapping is announced.
    enum class Counting { Cgroup, Ourselves } counting = Counting::Ourselves;
};

[[nodiscard]] std::vector<sock_filter> buildFilter(const FilterOptions& options);
// For a session's own first process: the few calls that it makes while the command runs.
[[nodiscard]] std::vector<sock_filter> buildKeeperFilter();

// Binds this thread and its children. The result is the descriptor on which announced calls arrive, or none when the
// program announces nothing. Needs no_new_privs.
enum class Listener { None, Wanted };
[[nodiscard]] Result<UniqueFd> installFilter(const std::vector<sock_filter>& program, Listener listener);

} // namespace gatehouse::isolation
