#include "core/workspace/gitsource.h"

#include "core/workspace/gitobjects.h"
#include "core/workspace/gitrefs.h"

namespace gatehouse::workspace {

Result<std::string> resolveCommit(int repository, const std::string& ref, const std::string& name)
{
    GH_ASSIGN(const UniqueFd folder, openGitFolder(repository, name));
    GH_ASSIGN(const std::string id, resolveRef(folder.get(), ref, name));
    GH_ASSIGN(const GitObjects objects, GitObjects::open(folder.get(), name));
    GH_ASSIGN(const GitCommitObject commit, objects.commit(id));
    return gitHex(*git_commit_id(commit.get()));
}

Result<GitCommit> readCommit(int repository, const std::string& ref, const std::string& subpath, const std::string& name,
                             const std::function<Result<void>(GitFile&&)>& visit)
{
    GH_ASSIGN(const UniqueFd folder, openGitFolder(repository, name));
    GH_ASSIGN(const std::string id, resolveRef(folder.get(), ref, name));
    GH_ASSIGN(const GitObjects objects, GitObjects::open(folder.get(), name));
    GH_ASSIGN(const GitCommitObject commit, objects.commit(id));
    GH_ASSIGN(const GitTree tree, objects.tree(commit.get(), subpath));
    GitCommit out{gitHex(*git_commit_id(commit.get())), gitHex(*git_tree_id(tree.get())), {}};
    GH_TRY(visitTree(objects.repository(), tree.get(), name, visit, out.submodules));
    return out;
}

} // namespace gatehouse::workspace
