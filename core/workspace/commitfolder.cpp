#include "core/workspace/commitfolder.h"

#include <array>
#include <climits>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "core/foundation/beneath.h"
#include "core/workspace/folderwalk.h"
#include "core/workspace/gitobjects.h"
#include "core/workspace/pathname.h"
#include "core/workspace/treebuilding.h"

namespace gatehouse::workspace {

using execution::FileKind;

namespace {

constexpr const char* authorName = "Gatehouse";
constexpr const char* authorAddress = "samples@gatehouse.invalid";
constexpr git_time_t commitTime = 1767225600; // 2026-01-01T00:00:00Z

Result<std::string> contentOf(const FolderItem& item)
{
    if (item.kind != FileKind::Symlink)
        return readBeneath(item.parent, item.name, maximumGitFileBytes);
    std::array<char, PATH_MAX> target;
    const ssize_t length = ::readlinkat(item.parent, item.name.c_str(), target.data(), target.size());
    if (length < 0)
        return failErrno(shownPath(item.path), "Could not read the symbolic link", errno);
    return std::string(target.data(), static_cast<std::size_t>(length));
}

git_filemode_t modeOf(const FolderItem& item)
{
    if (item.kind == FileKind::Symlink)
        return GIT_FILEMODE_LINK;
    return (item.mode & 0100) != 0 ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
}

Result<std::vector<TreeChange>> storeFiles(git_repository* repository, int folder, const std::string& name)
{
    std::vector<TreeChange> files;
    GH_TRY(walkFolder(folder, name, [&](const FolderItem& item) -> Result<void> {
        if (item.kind == FileKind::Directory || item.path == ".git" || item.path.starts_with(".git/"))
            return {};
        if (item.kind == FileKind::Other || !gitAccepts(item.path))
            return fail(ErrorCode::InvalidInput, name + '/' + shownPath(item.path), "git can't hold this");
        GH_ASSIGN(const std::string bytes, contentOf(item));
        GH_ASSIGN(const git_oid id, writeBlob(repository, bytes));
        files.push_back({item.path, modeOf(item), id});
        return {};
    }));
    return files;
}

Result<std::string> commitTree(git_repository* repository, const git_oid& treeId, const std::string& message, const std::string& folder)
{
    git_tree* tree = nullptr;
    int status = git_tree_lookup(&tree, repository, &treeId);
    const GitTree treeOwner(tree);
    git_signature* who = nullptr;
    if (status == 0)
        status = git_signature_new(&who, authorName, authorAddress, commitTime, 0);
    const GitSignature whoOwner(who);
    git_oid id = {};
    if (status == 0)
        status = git_commit_create(&id, repository, "HEAD", who, who, nullptr, message.c_str(), tree, 0, nullptr);
    // The index too, so that git finds nothing changed.
    git_index* index = nullptr;
    if (status == 0)
        status = git_repository_index(&index, repository);
    const GitIndex indexOwner(index);
    if (status == 0)
        status = git_index_read_tree(index, tree);
    if (status == 0)
        status = git_index_write(index);
    if (status < 0)
        return failGit(folder, "Could not commit the folder", status);
    return gitHex(id);
}

Result<std::string> commitAll(git_repository* repository, int folderFd, const std::string& folder, const std::string& message)
{
    GH_ASSIGN(const std::vector<TreeChange> files, storeFiles(repository, folderFd, folder));
    GH_ASSIGN(const git_oid tree, buildTree(repository, std::nullopt, files));
    return commitTree(repository, tree, message, folder);
}

} // namespace

Result<std::string> commitFolder(const std::string& folder, const std::string& branch, const std::string& message)
{
    GH_TRY(startGit());
    GH_ASSIGN(const UniqueFd fd, openDirectory(folder));
    std::error_code error;
    if (std::filesystem::exists(std::filesystem::symlink_status(folder + "/.git", error)))
        return fail(ErrorCode::AlreadyExists, folder, "The folder is a git repository already");
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags = GIT_REPOSITORY_INIT_NO_REINIT;
    options.initial_head = branch.c_str();
    git_repository* made = nullptr;
    const int status = git_repository_init_ext(&made, folder.c_str(), &options);
    const GitRepository repository(made);
    auto committed = status < 0 ? Result<std::string>(failGit(folder, "Could not make a repository", status))
                                : commitAll(made, fd.get(), folder, message);
    if (!committed)
        std::filesystem::remove_all(folder + "/.git", error);
    return committed;
}

} // namespace gatehouse::workspace
