#include "core/workspace/treestore.h"

#include <filesystem>

#include <sys/stat.h>

#include <git2/sys/repository.h>

#include "core/workspace/gitobjects.h"
#include "core/workspace/gitrefs.h"
#include "core/workspace/pathname.h"
#include "core/workspace/treebuilding.h"

namespace gatehouse::workspace {

using execution::FileKind;

namespace {

git_filemode_t modeOf(const PathVersion& version)
{
    if (version.kind == FileKind::Symlink)
        return GIT_FILEMODE_LINK;
    if (version.kind == FileKind::Regular)
        return (version.mode & 0100) != 0 ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
    return GIT_FILEMODE_UNREADABLE;
}

Result<git_oid> treeId(const std::string& text)
{
    git_oid id = {};
    if (text.size() != GIT_OID_HEXSZ || git_oid_fromstr(&id, text.c_str()) < 0)
        return fail(ErrorCode::InvalidInput, text, "This is not a tree's id");
    return id;
}

Result<GitRepository> openStore(const std::string& folder)
{
    git_repository* found = nullptr;
    if (git_repository_open_bare(&found, folder.c_str()) == 0)
        return GitRepository(found);
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
    if (const int status = git_repository_init_ext(&found, folder.c_str(), &options); status < 0)
        return failGit(folder, "Could not make the git store", status);
    return GitRepository(found);
}

} // namespace

struct TreeStore::Private {
    std::string folder;
    GitRepository repository;

    // Absent: the edit changes nothing that git keeps.
    Result<std::optional<TreeChange>> change(const PathEdit& edit, std::size_t skip, std::vector<ExcludedPath>& excluded) const
    {
        if (!edit.before.hasContent() && !edit.after.hasContent())
            return std::optional<TreeChange>();
        TreeChange change{edit.path.substr(skip), modeOf(edit.after), {}};
        if (!gitAccepts(change.path)) {
            excluded.push_back({edit.path, Excluded::RefusedName});
            return std::optional<TreeChange>();
        }
        if (change.removes()) {
            if (edit.after.kind == FileKind::Other)
                excluded.push_back({edit.path, Excluded::OtherKind});
            return std::optional(change);
        }
        if (!edit.bytesAfter) {
            excluded.push_back({edit.path, Excluded::NoBytes});
            return std::optional<TreeChange>();
        }
        GH_ASSIGN(change.id, writeBlob(repository.get(), *edit.bytesAfter));
        return std::optional(change);
    }
};

TreeStore::TreeStore(std::unique_ptr<Private> parts) : m_parts(std::move(parts)) { }
TreeStore::~TreeStore() = default;

Result<std::unique_ptr<TreeStore>> TreeStore::open(const std::string& folder)
{
    GH_TRY(startGit());
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || ::chmod(folder.c_str(), 0700) != 0)
        return failErrno(folder, "Could not make the git store", error ? error.value() : errno);
    auto parts = std::make_unique<Private>();
    parts->folder = folder;
    GH_ASSIGN(parts->repository, openStore(folder));
    return std::unique_ptr<TreeStore>(new TreeStore(std::move(parts)));
}

std::string TreeStore::emptyTree()
{
    return "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
}

// Asked by libgit2 at every step of a pack; anything but 0 ends it.
static int stopPacking(const CancelToken& cancel)
{
    return cancel.cancelled() ? GIT_EUSER : 0;
}

static int packProgress(int, std::uint32_t, std::uint32_t, void* cancel)
{
    return stopPacking(*static_cast<const CancelToken*>(cancel));
}

static int indexProgress(const git_indexer_progress*, void* cancel)
{
    return stopPacking(*static_cast<const CancelToken*>(cancel));
}

Result<std::string> TreeStore::import(int repository, const std::string& ref, const std::string& subpath, const std::string& name,
                                      const CancelToken& cancel)
{
    GH_ASSIGN(const UniqueFd source, openGitFolder(repository, name));
    GH_ASSIGN(const std::string id, resolveRef(source.get(), ref, name));
    GH_ASSIGN(const GitObjects objects, GitObjects::open(source.get(), name));
    GH_ASSIGN(const GitCommitObject commit, objects.commit(id));
    GH_ASSIGN(const GitTree tree, objects.tree(commit.get(), subpath));
    // The pack is made by a handle on our own store, so that the source's configuration is not asked, over the source's objects.
    GH_ASSIGN(const GitRepository reader, openStore(m_parts->folder));
    int status = git_repository_set_odb(reader.get(), objects.database());
    git_packbuilder* made = nullptr;
    if (status == 0)
        status = git_packbuilder_new(&made, reader.get());
    const GitPackBuilder builder(made);
    void* const token = const_cast<CancelToken*>(&cancel); // given back as it was
    if (status == 0)
        status = git_packbuilder_set_callbacks(builder.get(), packProgress, token);
    if (status == 0)
        status = git_packbuilder_insert_tree(builder.get(), git_tree_id(tree.get()));
    if (status == 0)
        status = git_packbuilder_write(builder.get(), (m_parts->folder + "/objects/pack").c_str(), 0, indexProgress, token);
    if (cancel.cancelled())
        return fail(ErrorCode::Cancelled, name, "The commit was not copied into the run's store: stopped");
    if (status < 0)
        return failGit(name, "Could not copy the commit into the run's store", status);
    git_odb* own = nullptr;
    if (git_repository_odb(&own, m_parts->repository.get()) == 0)
        git_odb_refresh(own);
    git_odb_free(own);
    return gitHex(*git_tree_id(tree.get()));
}

Result<StoredTree> TreeStore::write(const std::string& previous, std::span<const PathEdit> edits, const std::string& prefix)
{
    std::optional<git_oid> base;
    if (previous != emptyTree()) {
        GH_ASSIGN(base, treeId(previous));
    }
    const std::string beneath = prefix.empty() ? "" : prefix + '/';
    StoredTree stored;
    std::vector<TreeChange> changes;
    for (const PathEdit& edit : edits) {
        if (!edit.path.starts_with(beneath) || edit.path.size() == beneath.size())
            continue;
        GH_ASSIGN(std::optional<TreeChange> change, m_parts->change(edit, beneath.size(), stored.excluded));
        if (change)
            changes.push_back(std::move(*change));
    }
    GH_ASSIGN(const git_oid id, buildTree(m_parts->repository.get(), base, changes));
    stored.tree = gitHex(id);
    return stored;
}

Result<void> TreeStore::read(const std::string& tree, const std::function<Result<void>(GitFile&&)>& visit) const
{
    if (tree == emptyTree())
        return {};
    GH_ASSIGN(const git_oid id, treeId(tree));
    git_tree* found = nullptr;
    if (const int status = git_tree_lookup(&found, m_parts->repository.get(), &id); status < 0)
        return failGit(m_parts->folder, "Could not read a stored tree", status);
    const GitTree owner(found);
    std::vector<std::string> submodules;
    return visitTree(m_parts->repository.get(), found, m_parts->folder, visit, submodules);
}

} // namespace gatehouse::workspace
