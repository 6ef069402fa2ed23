// Writing git trees from changed paths, folder by folder. Internal to core/workspace.
#pragma once

#include "core/workspace/gitlibrary.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::workspace {

struct TreeChange {
    std::string path;                              // accepted by git
    git_filemode_t mode = GIT_FILEMODE_UNREADABLE; // unreadable: the file goes
    git_oid id = {};

    [[nodiscard]] bool removes() const { return mode == GIT_FILEMODE_UNREADABLE; }
};

// base (absent: nothing) with the changes, as a tree id. Only folders with changes are read and written; folders that
// become empty go, as git has it.
[[nodiscard]] Result<git_oid> buildTree(git_repository* repository, const std::optional<git_oid>& base,
                                        const std::vector<TreeChange>& changes);
[[nodiscard]] Result<git_oid> writeBlob(git_repository* repository, std::string_view bytes);

} // namespace gatehouse::workspace
