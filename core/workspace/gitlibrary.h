// libgit2 behind owners that free, and its errors as ours. Internal to core/workspace.
//
// The library is started on first use and told to read nobody's configuration: no system, global, XDG or programdata
// files. Ownership of a repository is not asked for, because nothing in one is taken as an instruction.
#pragma once

#include "core/foundation/result.h"

#include <git2.h>

#include <memory>
#include <string>

namespace gatehouse::workspace {

template <auto Free> struct GitFree {
    template <typename T> void operator()(T* object) const { Free(object); }
};

using GitRepository = std::unique_ptr<git_repository, GitFree<git_repository_free>>;
using GitOdb = std::unique_ptr<git_odb, GitFree<git_odb_free>>;
using GitOdbObject = std::unique_ptr<git_odb_object, GitFree<git_odb_object_free>>;
using GitTree = std::unique_ptr<git_tree, GitFree<git_tree_free>>;
using GitTreeBuilder = std::unique_ptr<git_treebuilder, GitFree<git_treebuilder_free>>;
using GitObject = std::unique_ptr<git_object, GitFree<git_object_free>>;
using GitCommitObject = std::unique_ptr<git_commit, GitFree<git_commit_free>>;
using GitIndex = std::unique_ptr<git_index, GitFree<git_index_free>>;
using GitSignature = std::unique_ptr<git_signature, GitFree<git_signature_free>>;
using GitPatch = std::unique_ptr<git_patch, GitFree<git_patch_free>>;
using GitPackBuilder = std::unique_ptr<git_packbuilder, GitFree<git_packbuilder_free>>;

// Starts the library; once, any thread.
[[nodiscard]] Result<void> startGit();
// The library's last error on this thread; status is what it returned.
[[nodiscard]] std::unexpected<Error> failGit(const std::string& where, const char* what, int status);
[[nodiscard]] std::string gitHex(const git_oid& id);

} // namespace gatehouse::workspace
