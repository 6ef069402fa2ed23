#include "sandbox/host/writeback.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/ids.h"
#include "core/foundation/beneath.h"

namespace gatehouse::host {

using execution::Change;
using execution::FileKind;

namespace {

constexpr std::uint32_t permissions = 0777;

std::string parentOf(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string nameOf(const std::string& path)
{
    return path.substr(path.rfind('/') + 1);
}

bool isRoot()
{
    return ::geteuid() == 0;
}

class WriteBack {
public:
    WriteBack(UniqueFd folder, const execution::WorkspaceReader& source, const WriteBackRules& rules)
        : m_folder(std::move(folder)), m_source(source), m_rules(rules)
    {
    }

    WriteBackReport apply(const std::vector<Change>& changes)
    {
        std::vector<const Change*> wanted;
        for (const Change& change : changes) {
            if (const auto allowed = check(change); !allowed)
                leave(change, allowed.error());
            else
                wanted.push_back(&change);
        }
        std::ranges::sort(wanted, {}, &Change::path);
        // Removals from the leaves up, then the rest from the root down: sorted paths are in that order already.
        for (auto change = wanted.rbegin(); change != wanted.rend(); ++change)
            if (mustGoFirst(**change))
                attempt(**change, &WriteBack::remove);
        for (const Change* change : wanted)
            if (change->after.kind != FileKind::Absent && !wasLeft(change->path))
                attempt(*change, change->after.kind == FileKind::Directory ? &WriteBack::makeFolder : &WriteBack::write);
        // A folder's mode comes last: it may forbid what had to be done in it.
        for (auto change = wanted.rbegin(); change != wanted.rend(); ++change)
            if ((*change)->after.kind == FileKind::Directory && !wasLeft((*change)->path))
                attempt(**change, &WriteBack::closeFolder);
        return std::move(m_report);
    }

private:
    using Step = Result<void> (WriteBack::*)(const Change&);

    // A file takes the place of anything but a folder in one step, when it is whole.
    static bool mustGoFirst(const Change& change)
    {
        const bool folders = change.before.kind == FileKind::Directory || change.after.kind == FileKind::Directory;
        return change.before.kind != FileKind::Absent && change.after.kind != change.before.kind &&
            (folders || change.after.kind == FileKind::Absent);
    }

    Result<void> check(const Change& change)
    {
        if (!isPlainRelativePath(change.path))
            return fail(ErrorCode::InvalidInput, change.path, "The path is not a plain path beneath the workspace");
        if (m_rules.refused && m_rules.refused(change.path))
            return fail(ErrorCode::PermissionDenied, change.path, "It belongs to git itself, which runs what stands there");
        if (change.after.kind == FileKind::Symlink)
            return fail(ErrorCode::Unsupported, change.path, "Symbolic links are not written back");
        if (change.after.kind == FileKind::Other)
            return fail(ErrorCode::Unsupported, change.path, "Devices, sockets and FIFOs are not written back");
        if (change.after.kind != FileKind::Regular)
            return {};
        if (change.after.size > m_rules.fileBytes)
            return fail(ErrorCode::Limit, change.path, Message("The file is larger than %1 bytes", {std::to_string(m_rules.fileBytes)}));
        if (change.after.size > m_rules.totalBytes - m_total)
            return fail(ErrorCode::Limit, change.path,
                        Message("With it more than %1 bytes would be written", {std::to_string(m_rules.totalBytes)}));
        m_total += change.after.size;
        return {};
    }

    void leave(const Change& change, const Error& error)
    {
        if (m_left.insert(change.path).second)
            m_report.left.push_back({change.path, error});
    }

    [[nodiscard]] bool wasLeft(const std::string& path) const { return m_left.contains(path); }

    void attempt(const Change& change, Step step)
    {
        if (const auto done = (this->*step)(change); !done)
            leave(change, done.error());
    }

    Result<void> remove(const Change& change)
    {
        const auto parent = openBeneath(m_folder.get(), parentOf(change.path), O_PATH | O_DIRECTORY);
        if (!parent)
            return parent.error().code == ErrorCode::NotFound ? Result<void>() : std::unexpected(parent.error());
        const int flags = change.before.kind == FileKind::Directory ? AT_REMOVEDIR : 0;
        if (::unlinkat(parent->get(), nameOf(change.path).c_str(), flags) != 0 && errno != ENOENT)
            return failErrno(change.path, "Could not remove", errno);
        m_report.removed += change.after.kind == FileKind::Absent ? 1 : 0;
        return {};
    }

    Result<void> makeFolder(const Change& change)
    {
        GH_ASSIGN(const UniqueFd parent, openBeneath(m_folder.get(), parentOf(change.path), O_PATH | O_DIRECTORY));
        const std::string name = nameOf(change.path);
        if (::mkdirat(parent.get(), name.c_str(), 0700) == 0) {
            struct stat above = {};
            GH_ASSIGN(const UniqueFd made, openBeneath(parent.get(), name, O_RDONLY | O_DIRECTORY));
            if (isRoot() && (::fstat(parent.get(), &above) != 0 || ::fchown(made.get(), above.st_uid, above.st_gid) != 0))
                return failErrno(change.path, "Could not set the owner", errno);
        } else if (errno != EEXIST || change.before.kind != FileKind::Directory) {
            return failErrno(change.path, "Could not make the folder", errno);
        } else {
            // Only the mode changes; what is to be put into it needs it open meanwhile.
            const auto folder = openBeneath(m_folder.get(), change.path, O_RDONLY | O_DIRECTORY);
            if (folder)
                ::fchmod(folder->get(), (change.before.mode & permissions) | 0700);
        }
        count(change);
        return {};
    }

    Result<void> closeFolder(const Change& change)
    {
        GH_ASSIGN(const UniqueFd folder, openBeneath(m_folder.get(), change.path, O_RDONLY | O_DIRECTORY));
        if (::fchmod(folder.get(), modeOf(change)) != 0)
            return failErrno(change.path, "Could not set the mode", errno);
        return {};
    }

    Result<void> write(const Change& change)
    {
        GH_ASSIGN(const execution::FileContent content, m_source.read(change.path, m_rules.fileBytes));
        if (content.state.kind != FileKind::Regular)
            return fail(ErrorCode::Busy, change.path, "The file changed while it was read");
        GH_ASSIGN(const UniqueFd parent, openBeneath(m_folder.get(), parentOf(change.path), O_PATH | O_DIRECTORY));
        const std::string temporary = ".gatehouse-" + randomHex(8);
        GH_ASSIGN(const UniqueFd file, openBeneath(parent.get(), temporary, O_WRONLY | O_CREAT | O_EXCL, 0600));
        auto written = writeAll(file.get(), change.path, content.bytes);
        if (written)
            written = setOwner(file.get(), parent.get(), change.path);
        if (written && ::fchmod(file.get(), modeOf(change)) != 0)
            written = failErrno(change.path, "Could not set the mode", errno);
        if (written && ::renameat(parent.get(), temporary.c_str(), parent.get(), nameOf(change.path).c_str()) != 0)
            written = failErrno(change.path, "Could not put the file in place", errno);
        if (written)
            count(change);
        else
            ::unlinkat(parent.get(), temporary.c_str(), 0);
        return written;
    }

    // The owner of the file that it takes the place of, else the folder's.
    Result<void> setOwner(int file, int parent, const std::string& path) const
    {
        struct stat owner = {};
        const bool replaces = ::fstatat(parent, nameOf(path).c_str(), &owner, AT_SYMLINK_NOFOLLOW) == 0;
        if (!isRoot()) {
            // The group is worth a try; whoever may not keep it has the file in a group of theirs.
            if (replaces && owner.st_gid != ::getegid()) [[maybe_unused]]
                const int tried = ::fchown(file, static_cast<uid_t>(-1), owner.st_gid);
            return {};
        }
        if ((!replaces && ::fstat(parent, &owner) != 0) || ::fchown(file, owner.st_uid, owner.st_gid) != 0)
            return failErrno(path, "Could not set the owner", errno);
        return {};
    }

    [[nodiscard]] mode_t modeOf(const Change& change) const
    {
        const std::uint32_t had = change.before.kind == change.after.kind ? change.before.mode : 0;
        return static_cast<mode_t>(change.after.mode & permissions & (~m_rules.umask | had));
    }

    void count(const Change& change)
    {
        ++m_report.written;
        if (change.after.kind == FileKind::Regular)
            m_report.files.push_back(change.path);
    }

    UniqueFd m_folder;
    const execution::WorkspaceReader& m_source;
    const WriteBackRules& m_rules;
    WriteBackReport m_report;
    std::set<std::string> m_left;
    std::uint64_t m_total = 0;
};

} // namespace

Result<WriteBackReport> writeBack(const execution::ChangeSet& changes, const execution::WorkspaceReader& source, const std::string& folder,
                                  const WriteBackRules& rules)
{
    GH_ASSIGN(UniqueFd directory, openDirectory(folder));
    return WriteBack(std::move(directory), source, rules).apply(changes.changes);
}

} // namespace gatehouse::host
