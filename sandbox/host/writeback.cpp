#include "sandbox/host/writeback.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/ids.h"
#include "core/foundation/beneath.h"

namespace gatehouse::host {

using execution::Change;
using execution::FileKind;

namespace {

// Larger results than this are not a person's sources; the sandbox keeps them.
constexpr std::uint64_t maximumFile = 1ull << 30;

Result<void> refuseWhatIsNotPlain(const execution::ChangeSet& changes)
{
    for (const Change& change : changes.changes) {
        if (change.after.kind == FileKind::Symlink || change.after.kind == FileKind::Other)
            return fail(ErrorCode::InvalidInput, change.path, "Symbolic links and special files are not written back",
                        "Remove it in the sandbox; nothing was written");
        if (!isPlainRelativePath(change.path))
            return fail(ErrorCode::InvalidInput, change.path, "The path is not a plain path beneath the workspace");
    }
    return {};
}

std::string parentOf(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string nameOf(const std::string& path)
{
    return path.substr(path.rfind('/') + 1);
}

class Target {
public:
    Target(UniqueFd folder, const struct stat& owner) : m_folder(std::move(folder)), m_owner(owner) { }

    Result<void> remove(const Change& change) const
    {
        const auto parent = openBeneath(m_folder.get(), parentOf(change.path), O_PATH | O_DIRECTORY);
        if (!parent)
            return parent.error().code == ErrorCode::NotFound ? Result<void>() : std::unexpected(parent.error());
        const int flags = change.before.kind == FileKind::Directory ? AT_REMOVEDIR : 0;
        if (::unlinkat(parent->get(), nameOf(change.path).c_str(), flags) != 0 && errno != ENOENT)
            return failErrno(change.path, "Could not remove", errno);
        return {};
    }

    Result<void> makeFolder(const Change& change) const
    {
        GH_ASSIGN(const UniqueFd parent, openBeneath(m_folder.get(), parentOf(change.path), O_PATH | O_DIRECTORY));
        const std::string name = nameOf(change.path);
        if (::mkdirat(parent.get(), name.c_str(), 0755) != 0) {
            if (errno == EEXIST && change.before.kind == FileKind::Directory)
                return {};
            return failErrno(change.path, "Could not make the folder", errno);
        }
        GH_ASSIGN(const UniqueFd made, openBeneath(parent.get(), name, O_RDONLY | O_DIRECTORY));
        return own(made.get(), change.path, 0755);
    }

    Result<void> write(const Change& change, const std::string& bytes) const
    {
        GH_ASSIGN(const UniqueFd parent, openBeneath(m_folder.get(), parentOf(change.path), O_PATH | O_DIRECTORY));
        const std::string temporary = ".gatehouse-" + randomHex(8);
        GH_ASSIGN(const UniqueFd file, openBeneath(parent.get(), temporary, O_WRONLY | O_CREAT | O_EXCL, 0600));
        auto written = writeAll(file.get(), change.path, bytes);
        if (written)
            written = own(file.get(), change.path, (change.after.mode & 0111) != 0 ? 0755 : 0644);
        if (written && ::renameat(parent.get(), temporary.c_str(), parent.get(), nameOf(change.path).c_str()) != 0)
            written = failErrno(change.path, "Could not put the file in place", errno);
        if (!written)
            ::unlinkat(parent.get(), temporary.c_str(), 0);
        return written;
    }

private:
    Result<void> own(int fd, const std::string& path, mode_t mode) const
    {
        if (::fchmod(fd, mode) != 0)
            return failErrno(path, "Could not set the mode", errno);
        if (::geteuid() == 0 && ::fchown(fd, m_owner.st_uid, m_owner.st_gid) != 0)
            return failErrno(path, "Could not set the owner", errno);
        return {};
    }

    UniqueFd m_folder;
    struct stat m_owner;
};

} // namespace

Result<WriteBackReport> writeBack(const execution::ChangeSet& changes, const execution::WorkspaceReader& source, const std::string& folder)
{
    GH_TRY(refuseWhatIsNotPlain(changes));
    GH_ASSIGN(UniqueFd directory, openDirectory(folder));
    struct stat owner = {};
    if (::fstat(directory.get(), &owner) != 0)
        return failErrno(folder, "Could not look at the folder", errno);
    const Target target(std::move(directory), owner);
    WriteBackReport report;
    // Removals from the leaves up, then the rest from the root down: sorted paths are in that order already.
    for (auto change = changes.changes.rbegin(); change != changes.changes.rend(); ++change) {
        if (change->before.kind == FileKind::Absent || change->after.kind == change->before.kind)
            continue;
        GH_TRY(target.remove(*change));
        report.removed += change->after.kind == FileKind::Absent ? 1 : 0;
    }
    for (const Change& change : changes.changes) {
        if (change.after.kind == FileKind::Directory) {
            GH_TRY(target.makeFolder(change));
        } else if (change.after.kind == FileKind::Regular) {
            GH_ASSIGN(const execution::FileContent content, source.read(change.path, maximumFile));
            GH_TRY(target.write(change, content.bytes));
        } else {
            continue;
        }
        ++report.written;
    }
    return report;
}

} // namespace gatehouse::host
