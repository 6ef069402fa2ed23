#include "core/workspace/gitobjects.h"

#include <set>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <git2/odb_backend.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

#include "core/foundation/beneath.h"
#include "core/workspace/folderwalk.h"
#include "core/workspace/pathname.h"

namespace gatehouse::workspace {

namespace {

constexpr int loosePriority = 2;
constexpr int packPriority = 1;

bool existsBeneath(int folder, const char* path)
{
    struct stat status = {};
    return ::fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

// A pack that is a link would lead libgit2 elsewhere.
Result<void> checkNoLinks(int objects, const std::string& name)
{
    return walkFolder(objects, name, [&](const FolderItem& item) -> Result<void> {
        if (item.kind == execution::FileKind::Symlink)
            return fail(ErrorCode::PermissionDenied, name,
                        Message("The repository's object folder holds the symbolic link \"%1\"", {shownPath(item.path)}),
                        "Use a repository that holds its own objects, such as a fresh clone");
        return {};
    });
}

Result<void> addBackend(git_odb* odb, git_odb_backend* backend, int priority, const std::string& name)
{
    const int status = git_odb_add_backend(odb, backend, priority);
    if (status == 0)
        return {};
    backend->free(backend);
    return failGit(name, "Could not read the repository's objects", status);
}

// Loose objects and packs of this one folder; unlike git_odb_open this follows no alternates.
Result<GitOdb> openDatabase(const std::string& path, const std::string& name)
{
    git_odb* made = nullptr;
    if (const int status = git_odb_new(&made); status < 0)
        return failGit(name, "Could not read the repository's objects", status);
    GitOdb odb(made);
    git_odb_backend* backend = nullptr;
    if (const int status = git_odb_backend_loose(&backend, path.c_str(), -1, 0, 0, 0); status < 0)
        return failGit(name, "Could not read the repository's objects", status);
    GH_TRY(addBackend(odb.get(), backend, loosePriority, name));
    if (const int status = git_odb_backend_pack(&backend, path.c_str()); status < 0)
        return failGit(name, "Could not read the repository's packs", status);
    GH_TRY(addBackend(odb.get(), backend, packPriority, name));
    return odb;
}

class TreeVisitor {
public:
    TreeVisitor(git_repository* repository, git_odb* odb, const std::string& name, const GitVisitor& visit,
                std::vector<std::string>& submodules)
        : m_repository(repository), m_odb(odb), m_name(name), m_visit(visit), m_submodules(submodules)
    {
    }

    Result<void> visitFolder(const git_tree* tree, const std::string& prefix, std::size_t depth)
    {
        if (depth > maximumGitDepth)
            return fail(ErrorCode::Limit, m_name,
                        Message("The folders of the commit are nested deeper than %1", {std::to_string(maximumGitDepth)}));
        GH_TRY(checkNames(tree, prefix));
        for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i)
            GH_TRY(visitEntry(git_tree_entry_byindex(tree, i), prefix, depth));
        return {};
    }

private:
    Result<void> checkNames(const git_tree* tree, const std::string& prefix) const
    {
        std::set<std::string_view> seen;
        for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
            const std::string_view name = git_tree_entry_name(git_tree_entry_byindex(tree, i));
            if (name.find('/') != std::string_view::npos || !gitAccepts(name))
                return fail(ErrorCode::InvalidInput, m_name,
                            Message("The commit holds the name \"%1\", which git refuses", {shownPath(prefix + std::string(name))}));
            if (!seen.insert(name).second)
                return fail(ErrorCode::InvalidInput, m_name,
                            Message("The commit holds the name \"%1\" twice", {shownPath(prefix + std::string(name))}));
        }
        return {};
    }

    Result<void> visitEntry(const git_tree_entry* entry, const std::string& prefix, std::size_t depth)
    {
        const std::string path = prefix + git_tree_entry_name(entry);
        if (++m_entries > maximumGitEntries)
            return fail(ErrorCode::Limit, m_name + ": " + shownPath(path),
                        Message("The commit holds more than %1 files and folders", {std::to_string(maximumGitEntries)}));
        switch (git_tree_entry_filemode(entry)) {
        case GIT_FILEMODE_TREE:
            return visitSubfolder(git_tree_entry_id(entry), path, depth);
        case GIT_FILEMODE_COMMIT:
            m_submodules.push_back(path);
            return {};
        case GIT_FILEMODE_LINK:
            return visitFile(git_tree_entry_id(entry), path, GitKind::Link);
        case GIT_FILEMODE_BLOB_EXECUTABLE:
            return visitFile(git_tree_entry_id(entry), path, GitKind::Executable);
        default:
            return visitFile(git_tree_entry_id(entry), path, GitKind::File);
        }
    }

    Result<void> visitSubfolder(const git_oid* id, const std::string& path, std::size_t depth)
    {
        git_tree* found = nullptr;
        if (const int status = git_tree_lookup(&found, m_repository, id); status < 0)
            return failGit(m_name + ": " + shownPath(path), "Could not read a folder of the commit", status);
        const GitTree tree(found);
        return visitFolder(tree.get(), path + '/', depth + 1);
    }

    Result<void> visitFile(const git_oid* id, const std::string& path, GitKind kind)
    {
        std::size_t size = 0;
        git_object_t type = GIT_OBJECT_INVALID;
        if (const int status = git_odb_read_header(&size, &type, m_odb, id); status < 0)
            return failGit(m_name + ": " + shownPath(path), "Could not read a file of the commit", status);
        m_bytes += size;
        if (size > maximumGitFileBytes || m_bytes > maximumGitTreeBytes)
            return fail(ErrorCode::Limit, m_name + ": " + shownPath(path), "The commit holds more bytes than a workspace may");
        git_odb_object* found = nullptr;
        if (const int status = git_odb_read(&found, m_odb, id); status < 0)
            return failGit(m_name + ": " + shownPath(path), "Could not read a file of the commit", status);
        const GitOdbObject object(found);
        if (git_odb_object_type(found) != GIT_OBJECT_BLOB)
            return fail(ErrorCode::Corrupt, m_name + ": " + shownPath(path), "The commit names something else than a file here");
        return m_visit({path, kind, std::string(static_cast<const char*>(git_odb_object_data(found)), git_odb_object_size(found))});
    }

    git_repository* m_repository;
    git_odb* m_odb;
    const std::string& m_name;
    const GitVisitor& m_visit;
    std::vector<std::string>& m_submodules;
    std::size_t m_entries = 0;
    std::uint64_t m_bytes = 0;
};

} // namespace

Result<UniqueFd> openGitFolder(int repository, const std::string& name)
{
    struct stat status = {};
    if (::fstatat(repository, ".git", &status, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISDIR(status.st_mode))
            return openBeneath(repository, ".git", O_RDONLY | O_DIRECTORY);
        return fail(ErrorCode::Unsupported, name, "This is a linked worktree or a submodule: its \".git\" leads elsewhere",
                    "Name the main repository, or clone it");
    }
    if (existsBeneath(repository, "objects") && existsBeneath(repository, "HEAD"))
        return openBeneath(repository, ".", O_RDONLY | O_DIRECTORY);
    return fail(ErrorCode::NotFound, name, "This is not a git repository");
}

Result<GitObjects> GitObjects::open(int gitFolder, const std::string& name)
{
    GH_TRY(startGit());
    GitObjects objects;
    objects.m_name = name;
    GH_ASSIGN(objects.m_folder, openBeneath(gitFolder, "objects", O_RDONLY | O_DIRECTORY));
    GH_TRY(checkNoLinks(objects.m_folder.get(), name));
    objects.m_borrows = existsBeneath(objects.m_folder.get(), "info/alternates");
    GH_ASSIGN(objects.m_odb, openDatabase("/proc/self/fd/" + std::to_string(objects.m_folder.get()), name));
    git_repository* made = nullptr;
    if (const int status = git_repository_wrap_odb(&made, objects.m_odb.get()); status < 0)
        return failGit(name, "Could not read the repository", status);
    objects.m_repository.reset(made);
    return objects;
}

std::unexpected<Error> GitObjects::failMissing(const std::string& what, int status) const
{
    if (status == GIT_EAMBIGUOUS)
        return fail(ErrorCode::InvalidInput, m_name, Message("The commit id \"%1\" is not unique", {what}), "Write more of its digits");
    if (status == GIT_ENOTFOUND && m_borrows)
        return fail(ErrorCode::Unsupported, m_name,
                    Message("\"%1\" is not among its own objects, and borrowed ones (alternates) are not read", {what}),
                    "Use a clone that holds its own objects");
    if (status == GIT_ENOTFOUND)
        return fail(ErrorCode::NotFound, m_name, Message("There is no commit \"%1\"", {what}));
    return failGit(m_name, "Could not read the commit", status);
}

Result<GitCommitObject> GitObjects::commit(const std::string& id) const
{
    git_oid oid = {};
    if (const int status = git_oid_fromstrn(&oid, id.data(), id.size()); status < 0)
        return failGit(m_name, "Could not read the commit id", status);
    git_object* found = nullptr;
    int status = git_object_lookup_prefix(&found, m_repository.get(), &oid, id.size(), GIT_OBJECT_ANY);
    const GitObject object(found);
    if (status < 0)
        return failMissing(id, status);
    git_object* peeled = nullptr;
    status = git_object_peel(&peeled, object.get(), GIT_OBJECT_COMMIT);
    if (status < 0)
        return fail(ErrorCode::InvalidInput, m_name, Message("\"%1\" is not a commit", {id}));
    return GitCommitObject(reinterpret_cast<git_commit*>(peeled));
}

Result<GitTree> GitObjects::tree(const git_commit* commit, const std::string& subpath) const
{
    git_tree* found = nullptr;
    if (const int status = git_commit_tree(&found, commit); status < 0)
        return failMissing(gitHex(*git_commit_tree_id(commit)), status);
    GitTree root(found);
    if (subpath.empty())
        return root;
    git_tree_entry* entry = nullptr;
    if (git_tree_entry_bypath(&entry, root.get(), subpath.c_str()) < 0)
        return fail(ErrorCode::NotFound, m_name, Message("The commit has no folder \"%1\"", {shownPath(subpath)}));
    const std::unique_ptr<git_tree_entry, GitFree<git_tree_entry_free>> owner(entry);
    if (git_tree_entry_type(entry) != GIT_OBJECT_TREE)
        return fail(ErrorCode::InvalidInput, m_name, Message("\"%1\" is not a folder in the commit", {shownPath(subpath)}));
    if (const int status = git_tree_lookup(&found, m_repository.get(), git_tree_entry_id(entry)); status < 0)
        return failMissing(subpath, status);
    return GitTree(found);
}

Result<void> visitTree(git_repository* repository, const git_tree* tree, const std::string& name, const GitVisitor& visit,
                       std::vector<std::string>& submodules)
{
    git_odb* odb = nullptr;
    if (const int status = git_repository_odb(&odb, repository); status < 0)
        return failGit(name, "Could not read the repository's objects", status);
    const GitOdb owner(odb);
    return TreeVisitor(repository, odb, name, visit, submodules).visitFolder(tree, {}, 0);
}

} // namespace gatehouse::workspace
