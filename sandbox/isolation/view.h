// What a sandbox sees: its whole file system, built from nothing.
//
// The launcher prepares (opens every source, and as root clones it, before any user changes); the worker, in its new
// namespaces, builds and enters. /usr is the host's, read-only; /etc is made here but for a few named files; /tmp,
// /home, /dev/shm are private and sized; /workspace is the overlay. Nothing else of the host is there.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"
#include "sandbox/isolation/mounts.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::isolation {

// One host folder, file or device node that will be presented.
struct Tree {
    std::string host;
    std::string inside; // relative to the root
    TreeUse use = TreeUse::ReadOnly;
    bool directory = false;
    UniqueFd source; // O_PATH, opened by the launcher
    UniqueFd clone;  // detached mount: made by a root launcher, else by the worker
};

enum class WorkspaceKind {
    Empty,    // nothing below, changes kept in the layer
    ReadOnly, // the folder alone
    Overlay,  // the folder below, changes in the layer
};

struct ViewPlan {
    WorkspaceKind kind = WorkspaceKind::Empty;
    std::vector<Tree> trees;
    Tree workspace;           // unless Empty
    Tree layer;               // holds "upper" and "work"; unless ReadOnly
    Tree tools;               // when its host path is not empty
    std::uint64_t memory = 0; // the limit; each private tmpfs ends a little above it
    std::uint64_t inodes = 0;
};

// Whether the tree's sources must be cloned now (root) or by the worker (plain user: the kernel refuses it before).
enum class CloneWhen { Now, InWorker };

// /usr and the like, the files of /etc, the device nodes.
[[nodiscard]] Result<void> addSystemTrees(ViewPlan& plan, CloneWhen when);
// idmap: see restrictTree.
[[nodiscard]] Result<Tree> prepareTree(const std::string& host, const std::string& inside, TreeUse use, CloneWhen when, int idmap = -1);

// In the worker, PID 1 of its namespaces, mapped to uid and gid 1000: builds all of it and makes it "/".
[[nodiscard]] Result<void> buildAndEnterView(ViewPlan& plan);

inline constexpr char sandboxHome[] = "/home/agent";
inline constexpr char inputFolder[] = "/run/input";

} // namespace gatehouse::isolation
