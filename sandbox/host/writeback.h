// Writing a sandbox's changes back to the host folder it was made from, on explicit demand only.
//
// Both sides are touched beneath directory descriptors; nothing is followed. Each file is written whole or not at all: a change that
// can't or must not be written is left out and named, the others are applied. Any thread.
#pragma once

#include "core/execution/change.h"
#include "core/execution/workspacereader.h"
#include "core/foundation/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace gatehouse::host {

struct WriteBackRules {
    std::uint64_t fileBytes = 1ull << 30;                 // by size, not by blocks: a sparse file becomes what it claims to be
    std::uint64_t totalBytes = 4ull << 30;                // of all files together
    std::uint32_t umask = 022;                            // bits that a command can't add; what a file had before stays
    std::function<bool(const std::string& path)> refused; // never written, made or removed; empty: none
};

struct WriteBackReport {
    struct Left {
        std::string path;
        Error error; // why it was left out
    };
    std::size_t written = 0;
    std::size_t removed = 0;
    std::vector<std::string> files; // regular ones that were written, by path
    std::vector<Left> left;
};

// Regular files, folders and removals. Symbolic links and special files are left out. Of modes the permission bits count, never
// setuid, setgid or sticky. Started by root, a file that is replaced keeps its owner, a new one gets its folder's.
// An error only when the target folder can't be opened.
[[nodiscard]] Result<WriteBackReport> writeBack(const execution::ChangeSet& changes, const execution::WorkspaceReader& source,
                                                const std::string& folder, const WriteBackRules& rules);

} // namespace gatehouse::host
