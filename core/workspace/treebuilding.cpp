#include "core/workspace/treebuilding.h"

#include <map>

namespace gatehouse::workspace {

namespace {

constexpr const char* where = "git store";

// What happens to one name of a folder: to a file of that name, and to what is in a folder of that name.
struct NameChange {
    const TreeChange* file = nullptr;
    std::vector<const TreeChange*> inside;
};

class Builder {
public:
    explicit Builder(git_repository* repository) : m_repository(repository) { }

    // Absent: nothing is left.
    Result<std::optional<git_oid>> build(const std::optional<git_oid>& base, const std::vector<const TreeChange*>& changes,
                                         std::size_t skip)
    {
        GH_ASSIGN(const GitTree tree, lookup(base));
        git_treebuilder* made = nullptr;
        if (const int status = git_treebuilder_new(&made, m_repository, tree.get()); status < 0)
            return failGit(where, "Could not begin a tree", status);
        const GitTreeBuilder builder(made);
        for (const auto& [name, change] : byName(changes, skip))
            GH_TRY(apply(builder.get(), name, change, skip + name.size() + 1));
        if (git_treebuilder_entrycount(builder.get()) == 0)
            return std::optional<git_oid>();
        git_oid id = {};
        if (const int status = git_treebuilder_write(&id, builder.get()); status < 0)
            return failGit(where, "Could not write a tree", status);
        return std::optional(id);
    }

private:
    Result<GitTree> lookup(const std::optional<git_oid>& id)
    {
        git_tree* found = nullptr;
        if (id)
            if (const int status = git_tree_lookup(&found, m_repository, &*id); status < 0)
                return failGit(where, "Could not read the previous tree", status);
        return GitTree(found);
    }

    static std::map<std::string, NameChange> byName(const std::vector<const TreeChange*>& changes, std::size_t skip)
    {
        std::map<std::string, NameChange> out;
        for (const TreeChange* change : changes) {
            const std::size_t slash = change->path.find('/', skip);
            NameChange& name = out[change->path.substr(skip, slash == std::string::npos ? slash : slash - skip)];
            if (slash == std::string::npos)
                name.file = change;
            else
                name.inside.push_back(change);
        }
        return out;
    }

    Result<void> apply(git_treebuilder* builder, const std::string& name, const NameChange& change, std::size_t skip)
    {
        const git_tree_entry* present = git_treebuilder_get(builder, name.c_str());
        const bool isFolder = present && git_tree_entry_type(present) == GIT_OBJECT_TREE;
        std::optional<git_oid> folder;
        if (isFolder)
            folder = *git_tree_entry_id(present);
        if (!change.inside.empty()) {
            GH_ASSIGN(folder, build(folder, change.inside, skip));
        }
        if (change.file && !change.file->removes())
            return insert(builder, name, change.file->id, change.file->mode);
        if (folder)
            return insert(builder, name, *folder, GIT_FILEMODE_TREE);
        if (present)
            git_treebuilder_remove(builder, name.c_str());
        return {};
    }

    static Result<void> insert(git_treebuilder* builder, const std::string& name, const git_oid& id, git_filemode_t mode)
    {
        if (const int status = git_treebuilder_insert(nullptr, builder, name.c_str(), &id, mode); status < 0)
            return failGit(where, "Could not put a file into a tree", status);
        return {};
    }

    git_repository* m_repository;
};

} // namespace

Result<git_oid> buildTree(git_repository* repository, const std::optional<git_oid>& base, const std::vector<TreeChange>& changes)
{
    std::vector<const TreeChange*> all;
    for (const TreeChange& change : changes)
        all.push_back(&change);
    GH_ASSIGN(const std::optional<git_oid> built, Builder(repository).build(base, all, 0));
    if (built)
        return *built;
    git_treebuilder* made = nullptr;
    git_oid id = {};
    int status = git_treebuilder_new(&made, repository, nullptr);
    const GitTreeBuilder builder(made);
    if (status == 0)
        status = git_treebuilder_write(&id, builder.get());
    if (status < 0)
        return failGit(where, "Could not write the empty tree", status);
    return id;
}

Result<git_oid> writeBlob(git_repository* repository, std::string_view bytes)
{
    git_oid id = {};
    if (const int status = git_blob_create_from_buffer(&id, repository, bytes.data(), bytes.size()); status < 0)
        return failGit(where, "Could not store a file", status);
    return id;
}

} // namespace gatehouse::workspace
