// Mounts by descriptor (the mount API of Linux 5.2 and later): nothing is named twice, so nothing can be swapped in between.
// Each call is one step; none follows a symbolic link. For the launcher and the worker's start.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::isolation {

// What a presented tree may be used for. No set-uid, and no devices but for a device node itself.
enum class TreeUse { ReadOnly, Writable, DeviceNode };

// O_PATH; no component may be a symbolic link.
[[nodiscard]] Result<UniqueFd> openSource(const std::string& path);

// A detached, private copy of the mount tree at an O_PATH descriptor of this mount namespace.
[[nodiscard]] Result<UniqueFd> cloneTree(int source, const std::string& nameForErrors);
// idmap: a user namespace descriptor, or -1.
[[nodiscard]] Result<void> restrictTree(int tree, TreeUse use, int idmap, const std::string& nameForErrors);

using MountOptions = std::vector<std::pair<const char*, std::string>>; // an empty value is a flag
// A new file system, mounted but not attached.
[[nodiscard]] Result<UniqueFd> newFileSystem(const char* type, const MountOptions& options, std::uint64_t attributes);
// lower folders, top first; upper and work may be -1. All are O_PATH descriptors of attached mounts.
[[nodiscard]] Result<UniqueFd> newOverlay(const std::vector<int>& lowers, int upper, int work, std::uint64_t attributes);

// Attaches a mount at a path relative to a directory.
[[nodiscard]] Result<void> attach(int mount, int directory, const std::string& path);

[[nodiscard]] Result<void> makeAllPrivate();
// The tree at the descriptor becomes "/", everything else is gone from this mount namespace.
[[nodiscard]] Result<void> enterRoot(int root);
[[nodiscard]] Result<void> makeReadOnly(const char* path);

} // namespace gatehouse::isolation
