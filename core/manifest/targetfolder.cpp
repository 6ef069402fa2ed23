#include "core/manifest/targetfolder.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <ranges>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/foundation/beneath.h"
#include "core/foundation/hex.h"
#include "core/foundation/sha256.h"
#include "core/workspace/pathname.h"

namespace gatehouse::manifest {

using workspace::shownPath;

namespace {

constexpr mode_t folderMode = 0755;

std::unexpected<Error> failTaken(const std::string& path)
{
    return fail(ErrorCode::AlreadyExists, shownPath(path), "Another entry has already put something here",
                "Entries never overwrite one another");
}

// The umask has no say in what a sandbox starts from.
Result<void> setMode(int fd, const std::string& path, mode_t mode)
{
    if (::fchmod(fd, mode & 0777) != 0)
        return failErrno(shownPath(path), "Could not set the permissions", errno);
    return {};
}

std::string parentOf(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

} // namespace

Result<TargetFolder> TargetFolder::open(const std::string& path)
{
    TargetFolder target;
    target.m_path = path;
    GH_ASSIGN(target.m_fd, openDirectory(path));
    std::error_code error;
    if (!std::filesystem::is_empty(path, error) || error)
        return fail(ErrorCode::Setup, path, "The folder for the workspace is not empty");
    return target;
}

Result<void> TargetFolder::makeParents(const std::string& path)
{
    const std::string parent = parentOf(path);
    if (parent.empty() || parent == m_lastParent)
        return {};
    GH_TRY(addFolder(parent));
    m_lastParent = parent;
    return {};
}

Result<void> TargetFolder::addFolder(const std::string& path)
{
    for (std::size_t end = 0; end != std::string::npos;) {
        end = path.find('/', end + 1);
        const std::string part = path.substr(0, end);
        GH_ASSIGN(const UniqueFd parent, openBeneath(m_fd.get(), parentOf(part), O_PATH | O_DIRECTORY));
        const std::string name = part.substr(parentOf(part).empty() ? 0 : parentOf(part).size() + 1);
        if (::mkdirat(parent.get(), name.c_str(), folderMode) != 0) {
            if (errno != EEXIST)
                return failErrno(shownPath(part), "Could not make the folder", errno);
            continue;
        }
        GH_ASSIGN(const UniqueFd made, openBeneath(parent.get(), name, O_RDONLY | O_DIRECTORY));
        GH_TRY(setMode(made.get(), part, folderMode));
    }
    // Something else than a folder may have been in the way.
    if (!openBeneath(m_fd.get(), path, O_PATH | O_DIRECTORY))
        return failTaken(path);
    return {};
}

Result<UniqueFd> TargetFolder::createFile(const std::string& path)
{
    GH_TRY(makeParents(path));
    auto fd = openBeneath(m_fd.get(), path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (!fd && fd.error().code == ErrorCode::AlreadyExists)
        return failTaken(path);
    return fd;
}

Result<void> TargetFolder::addFile(const std::string& path, std::string_view bytes, mode_t mode)
{
    GH_ASSIGN(const UniqueFd fd, createFile(path));
    GH_TRY(writeAll(fd.get(), shownPath(path), bytes));
    return setMode(fd.get(), path, mode);
}

Result<void> TargetFolder::addLink(const std::string& path, const std::string& target)
{
    GH_TRY(makeParents(path));
    GH_ASSIGN(const UniqueFd parent, openBeneath(m_fd.get(), parentOf(path), O_PATH | O_DIRECTORY));
    const std::string name = path.substr(parentOf(path).empty() ? 0 : parentOf(path).size() + 1);
    if (target.empty() || target.find('\0') != std::string::npos)
        return fail(ErrorCode::InvalidInput, shownPath(path), "The symbolic link's target is empty or holds a NUL byte");
    if (::symlinkat(target.c_str(), parent.get(), name.c_str()) == 0)
        return {};
    if (errno == EEXIST)
        return failTaken(path);
    return failErrno(shownPath(path), "Could not make the symbolic link", errno);
}

Result<TargetFolder::Copied> TargetFolder::copyFile(const std::string& path, int source, mode_t mode)
{
    GH_ASSIGN(const UniqueFd fd, createFile(path));
    Sha256 digest;
    Copied copied;
    std::array<char, 65536> buffer;
    for (;;) {
        const ssize_t got = ::read(source, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failErrno(shownPath(path), "Could not read the source", errno);
        if (got == 0)
            break;
        const std::string_view piece(buffer.data(), static_cast<std::size_t>(got));
        digest.update(piece);
        GH_TRY(writeAll(fd.get(), shownPath(path), piece));
        copied.bytes += piece.size();
    }
    GH_TRY(setMode(fd.get(), path, mode));
    copied.sha256 = toHex(digest.finish());
    return copied;
}

Result<void> TargetFolder::finish()
{
    for (const auto& [path, mode] : std::views::reverse(m_modes)) {
        GH_ASSIGN(const UniqueFd folder, openBeneath(m_fd.get(), path, O_RDONLY | O_DIRECTORY));
        GH_TRY(setMode(folder.get(), path, mode));
    }
    return {};
}

void TargetFolder::clear()
{
    for (const auto& [path, mode] : m_modes)
        if (const auto folder = openBeneath(m_fd.get(), path, O_PATH | O_DIRECTORY))
            ::chmod(("/proc/self/fd/" + std::to_string(folder->get())).c_str(), 0700);
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(m_path, error))
        std::filesystem::remove_all(entry.path(), error);
}

} // namespace gatehouse::manifest
