// TreeStore: the run's own bare git store, in which the states of a git entry are kept at turn ends and checkpoints.
//
// It lives in the run folder, which no sandbox sees; it is fed with bytes that the host has read and never opens a
// tree that a sandbox could write. Writing costs what changed, per touched folder. One thread at a time.
#pragma once

#include "core/foundation/cancel.h"
#include "core/foundation/result.h"
#include "core/workspace/edit.h"
#include "core/workspace/gitsource.h"
#include "core/workspace/patch.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gatehouse::workspace {

struct StoredTree {
    std::string tree; // 40 hex digits
    std::vector<ExcludedPath> excluded;
};

class TreeStore {
public:
    // Makes the store (mode 0700) where there is none.
    [[nodiscard]] static Result<std::unique_ptr<TreeStore>> open(const std::string& folder);
    ~TreeStore();
    TreeStore(const TreeStore&) = delete;
    TreeStore& operator=(const TreeStore&) = delete;

    // The id of the tree without files.
    [[nodiscard]] static std::string emptyTree();
    // Copies the tree of a commit, with all it needs, out of a local repository; subpath as in readCommit.
    [[nodiscard]] Result<std::string> import(int repository, const std::string& ref, const std::string& subpath, const std::string& name,
                                             const CancelToken& cancel = {});
    // previous (a tree id) with the edits beneath prefix.
    [[nodiscard]] Result<StoredTree> write(const std::string& previous, std::span<const PathEdit> edits, const std::string& prefix = {});
    [[nodiscard]] Result<void> read(const std::string& tree, const std::function<Result<void>(GitFile&&)>& visit) const;

private:
    struct Private; // keeps libgit2 out of this header
    explicit TreeStore(std::unique_ptr<Private> parts);
    std::unique_ptr<Private> m_parts;
};

} // namespace gatehouse::workspace
