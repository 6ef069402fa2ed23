// User namespace maps: which id on the host stands behind which id inside.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace gatehouse::isolation {

// One line of uid_map: a single id each, never a range that could take in more than meant.
struct IdLine {
    std::uint32_t inside = 0;
    std::uint32_t outside = 0;
};

struct IdMaps {
    std::vector<IdLine> users;
    std::vector<IdLine> groups;
};

// Writes setgroups "deny", uid_map and gid_map of a process.
[[nodiscard]] Result<void> writeMaps(pid_t process, const IdMaps& maps);
// A user namespace that exists only to describe a mapping of owners, for a mount.
[[nodiscard]] Result<UniqueFd> makeMapNamespace(const IdMaps& maps);

// count host ids in a row that belong to nobody, for a sandbox started by root; nothing when this (container's) map has none.
[[nodiscard]] std::optional<std::uint32_t> unusedHostIds(std::uint32_t count);

} // namespace gatehouse::isolation
