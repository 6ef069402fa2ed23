#include "core/manifest/materialise.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "core/foundation/beneath.h"
#include "core/foundation/sha256.h"
#include "core/manifest/contentdigest.h"
#include "core/manifest/localsource.h"
#include "core/manifest/targetfolder.h"
#include "core/workspace/folderwalk.h"
#include "core/workspace/gitsource.h"
#include "core/workspace/pathname.h"

namespace gatehouse::manifest {

using execution::FileKind;
using workflow::ManifestEntry;
using workspace::shownPath;

namespace {

constexpr mode_t fileMode = 0644;
constexpr mode_t executableMode = 0755;
constexpr mode_t folderMode = 0755;

ContentKind contentKind(mode_t mode)
{
    return (mode & 0100) != 0 ? ContentKind::Executable : ContentKind::File;
}

// O_NONBLOCK: a FIFO in a source folder must not hold us.
Result<mode_t> regularMode(int fd, const std::string& shown)
{
    struct stat status = {};
    if (::fstat(fd, &status) != 0)
        return failErrno(shown, "Could not inspect", errno);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::InvalidInput, shown, "Only regular files and folders can be copied into a workspace");
    return (status.st_mode & 0100) != 0 ? executableMode : fileMode;
}

// Puts one entry into the target; the overloads are its kinds.
class EntryWriter {
public:
    EntryWriter(const ManifestEntry& entry, const workflow::Project& project, TargetFolder& target, const CancelToken& cancel)
        : m_entry(entry), m_project(project), m_target(target), m_cancel(cancel)
    {
        m_receipt.entry = entry.path;
        m_receipt.kind = workflow::entryTypeName(entry);
    }

    Result<Receipt> write()
    {
        GH_TRY(std::visit([this](const auto& content) { return put(content); }, m_entry.content));
        return std::move(m_receipt);
    }

private:
    Result<void> checkCancelled() const
    {
        if (m_cancel.cancelled())
            return fail(ErrorCode::Cancelled, m_entry.path, "Making the workspace was stopped");
        return {};
    }

    mode_t modeOr(mode_t usual) const { return m_entry.mode ? static_cast<mode_t>(*m_entry.mode) : usual; }
    std::string beneath(const std::string& path) const { return m_entry.path + '/' + path; }

    Result<void> put(const workflow::FileEntry& file)
    {
        GH_TRY(m_target.addFile(m_entry.path, file.content, modeOr(fileMode)));
        m_receipt.sha256 = sha256Hex(file.content);
        m_receipt.files = 1;
        m_receipt.bytes = file.content.size();
        return {};
    }

    Result<void> put(const workflow::DirEntry&)
    {
        GH_TRY(makeFolder());
        finishFolder({});
        return {};
    }

    Result<void> put(const workflow::LocalFileEntry& file)
    {
        m_receipt.source = file.source;
        GH_ASSIGN(const UniqueFd fd, openSource(m_project, file.source, O_RDONLY | O_NONBLOCK));
        GH_ASSIGN(const mode_t mode, regularMode(fd.get(), file.source));
        GH_ASSIGN(TargetFolder::Copied copied, m_target.copyFile(m_entry.path, fd.get(), modeOr(mode)));
        m_receipt.sha256 = std::move(copied.sha256);
        m_receipt.files = 1;
        m_receipt.bytes = copied.bytes;
        return {};
    }

    Result<void> put(const workflow::LocalDirEntry& folder)
    {
        m_receipt.source = folder.source;
        GH_ASSIGN(const UniqueFd fd, openSource(m_project, folder.source, O_RDONLY | O_DIRECTORY));
        GH_TRY(makeFolder());
        ContentDigest digest;
        GH_TRY(workspace::walkFolder(fd.get(), folder.source,
                                     [&](const workspace::FolderItem& item) { return copyItem(folder.source, item, digest); }));
        finishFolder(digest);
        return {};
    }

    Result<void> put(const workflow::GitRepoEntry& repository)
    {
        m_receipt.source = repository.repo;
        if (repository.host != "local")
            return fail(ErrorCode::Unsupported, {}, Message("Repositories of the host \"%1\" can't be fetched yet", {repository.host}),
                        "Clone it into the project and use \"host\": \"local\"");
        GH_ASSIGN(const UniqueFd fd, openSource(m_project, repository.repo, O_RDONLY | O_DIRECTORY));
        GH_TRY(makeFolder());
        ContentDigest digest;
        auto read = workspace::readCommit(fd.get(), repository.ref, repository.subpath, repository.repo,
                                          [&](workspace::GitFile&& file) { return putGitFile(file, digest); });
        if (!read && read.error().code == ErrorCode::System)
            read.error().code = ErrorCode::InvalidInput; // what git says of a damaged repository
        GH_ASSIGN(workspace::GitCommit commit, std::move(read));
        for (const std::string& submodule : commit.submodules)
            GH_TRY(m_target.addFolder(beneath(submodule)));
        m_receipt.commit = std::move(commit.commit);
        m_receipt.leftOut = std::move(commit.submodules);
        finishFolder(digest);
        return {};
    }

    Result<void> put(const workflow::MountEntry& mount)
    {
        return fail(ErrorCode::Unsupported, {}, Message("Entries of type \"%1\" are not carried out yet", {mount.type}));
    }

    Result<void> makeFolder()
    {
        GH_TRY(m_target.addFolder(m_entry.path));
        m_target.setFolderMode(m_entry.path, modeOr(folderMode));
        return {};
    }

    void finishFolder(const ContentDigest& digest)
    {
        m_receipt.sha256 = digest.finish();
        m_receipt.files = digest.files();
        m_receipt.bytes = digest.bytes();
    }

    Result<void> copyItem(const std::string& source, const workspace::FolderItem& item, ContentDigest& digest)
    {
        GH_TRY(checkCancelled());
        const std::string full = source + '/' + item.path;
        if (liesIn(full, m_project.stateDirectory())) {
            if (full == m_project.stateDirectory())
                m_receipt.leftOut.push_back(item.path);
            return {};
        }
        if (item.kind == FileKind::Directory)
            return m_target.addFolder(beneath(item.path));
        if (item.kind == FileKind::Symlink)
            return fail(ErrorCode::InvalidInput, shownPath(full), "A local source must not hold symbolic links",
                        "Replace it by what it points to, or use a git_repo entry");
        if (item.kind == FileKind::Other)
            return fail(ErrorCode::InvalidInput, shownPath(full), "Only regular files and folders can be copied into a workspace");
        GH_ASSIGN(const UniqueFd fd, openBeneath(item.parent, item.name, O_RDONLY | O_NONBLOCK));
        GH_ASSIGN(const mode_t mode, regularMode(fd.get(), shownPath(full)));
        GH_ASSIGN(const TargetFolder::Copied copied, m_target.copyFile(beneath(item.path), fd.get(), mode));
        digest.add(item.path, contentKind(mode), copied.sha256, copied.bytes);
        return {};
    }

    Result<void> putGitFile(const workspace::GitFile& file, ContentDigest& digest)
    {
        GH_TRY(checkCancelled());
        const bool link = file.kind == workspace::GitKind::Link;
        const mode_t mode = file.kind == workspace::GitKind::Executable ? executableMode : fileMode;
        if (link)
            GH_TRY(m_target.addLink(beneath(file.path), file.bytes));
        else
            GH_TRY(m_target.addFile(beneath(file.path), file.bytes, mode));
        digest.add(file.path, link ? ContentKind::Link : contentKind(mode), sha256Hex(file.bytes), file.bytes.size());
        return {};
    }

    const ManifestEntry& m_entry;
    const workflow::Project& m_project;
    TargetFolder& m_target;
    const CancelToken& m_cancel;
    Receipt m_receipt;
};

// The entry's place in the document stands before the place of the trouble.
Error atEntry(const ManifestEntry& entry, Error error)
{
    const std::string name = entry.where.empty() ? "entry " + shownPath(entry.path) : entry.where + ": entry " + shownPath(entry.path);
    error.where = error.where.empty() ? name : name + ": " + error.where;
    return error;
}

Result<std::vector<Receipt>> writeAll(const workflow::Manifest& manifest, const workflow::Project& project, TargetFolder& target,
                                      const CancelToken& cancel)
{
    std::vector<Receipt> receipts;
    for (const ManifestEntry& entry : manifest.entries) {
        if (cancel.cancelled())
            return fail(ErrorCode::Cancelled, entry.path, "Making the workspace was stopped");
        if (!isPlainRelativePath(entry.path))
            return std::unexpected(atEntry(entry, {ErrorCode::InvalidInput, {}, "The path is not a plain path inside the workspace", {}}));
        auto receipt = EntryWriter(entry, project, target, cancel).write();
        if (!receipt)
            return std::unexpected(atEntry(entry, std::move(receipt).error()));
        receipts.push_back(std::move(*receipt));
    }
    GH_TRY(target.finish());
    return receipts;
}

} // namespace

Result<std::vector<Receipt>> materialise(const workflow::Manifest& manifest, const workflow::Project& project,
                                         const std::string& targetDirectory, const CancelToken& cancel)
{
    GH_ASSIGN(TargetFolder target, TargetFolder::open(targetDirectory));
    auto receipts = writeAll(manifest, project, target, cancel);
    if (!receipts)
        target.clear();
    return receipts;
}

} // namespace gatehouse::manifest
