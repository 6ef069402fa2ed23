// Reading a commit of a local git repository without running git in it.
//
// Only its object database is opened: its configuration, hooks, filters, attributes and alternates are never looked
// at, so that a repository from elsewhere can't give orders; for the same reason its owner does not matter. Linked
// worktrees and repositories that borrow objects (alternates) are refused with a sentence that says so. Blocks; any thread.
#pragma once

#include "core/foundation/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace gatehouse::workspace {

enum class GitKind { File, Executable, Link };

struct GitFile {
    std::string path; // relative to the tree, plain, accepted by git
    GitKind kind = GitKind::File;
    std::string bytes; // a link's target for links
};

struct GitCommit {
    std::string commit; // 40 hex digits
    std::string tree;
    std::vector<std::string> submodules; // paths; their contents are not here
};

// A commit id (7 to 40 hex digits), a branch, a tag, a full ref name, or "" for HEAD.
// repository is a descriptor of a working tree's or bare repository's folder; name is for errors.
[[nodiscard]] Result<std::string> resolveCommit(int repository, const std::string& ref, const std::string& name);
// Calls visit for each file of the commit's tree (beneath subpath when it is not empty), in git's order.
// A tree with a name that git refuses is ErrorCode::InvalidInput before anything of that folder is visited.
[[nodiscard]] Result<GitCommit> readCommit(int repository, const std::string& ref, const std::string& subpath, const std::string& name,
                                           const std::function<Result<void>(GitFile&&)>& visit);

} // namespace gatehouse::workspace
