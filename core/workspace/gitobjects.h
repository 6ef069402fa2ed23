// The objects of a local repository, opened without its configuration. Internal to core/workspace.
#pragma once

#include "core/foundation/uniquefd.h"
#include "core/workspace/gitlibrary.h"
#include "core/workspace/gitsource.h"

#include <functional>
#include <string>

namespace gatehouse::workspace {

// Against trees that hold themselves many times over.
inline constexpr std::size_t maximumGitEntries = 400'000;
inline constexpr std::size_t maximumGitDepth = 200;
inline constexpr std::uint64_t maximumGitFileBytes = 1ull << 30;
inline constexpr std::uint64_t maximumGitTreeBytes = 16ull << 30;

using GitVisitor = std::function<Result<void>(GitFile&&)>;

// Where a working tree or a bare repository keeps its objects and refs; links anywhere on the way are refused.
[[nodiscard]] Result<UniqueFd> openGitFolder(int repository, const std::string& name);

class GitObjects {
public:
    // name is for errors.
    [[nodiscard]] static Result<GitObjects> open(int gitFolder, const std::string& name);

    [[nodiscard]] git_repository* repository() const { return m_repository.get(); }
    [[nodiscard]] git_odb* database() const { return m_odb.get(); }
    // A commit of 40 hex digits or an abbreviation of one, tags peeled.
    [[nodiscard]] Result<GitCommitObject> commit(const std::string& id) const;
    // The commit's tree, or the folder in it.
    [[nodiscard]] Result<GitTree> tree(const git_commit* commit, const std::string& subpath) const;

private:
    GitObjects() = default;
    [[nodiscard]] std::unexpected<Error> failMissing(const std::string& what, int status) const;

    std::string m_name;
    UniqueFd m_folder; // libgit2 opens packs late, through this descriptor's /proc path
    GitOdb m_odb;
    GitRepository m_repository;
    bool m_borrows = false;
};

// Visits every file of the tree; submodules are only listed. name is for errors.
[[nodiscard]] Result<void> visitTree(git_repository* repository, const git_tree* tree, const std::string& name, const GitVisitor& visit,
                                     std::vector<std::string>& submodules);

} // namespace gatehouse::workspace
