#include "sandbox/host/upperfolder.h"

#include "core/foundation/listing.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace gatehouse::host {

static constexpr int folderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
static constexpr int fileFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC;

static std::string throughProc(int fd)
{
    return "/proc/self/fd/" + std::to_string(fd);
}

// Whether the mode keeps its owner from looking, and we are that owner and not root.
static bool isClosedToUs(const struct stat& info, mode_t needed)
{
    return ::geteuid() != 0 && info.st_uid == ::geteuid() && (info.st_mode & needed) != needed;
}

// A mode that somebody else has set meanwhile stays.
static void giveBack(int fd, mode_t given, mode_t original)
{
    struct stat info = {};
    if (::fstat(fd, &info) == 0 && (info.st_mode & 07777) == given)
        ::fchmod(fd, original);
}

UpperFolder UpperFolder::open(int parent, const char* name)
{
    UpperFolder folder;
    const UniqueFd node(::openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat info = {};
    if (!node || ::fstat(node.get(), &info) != 0)
        return folder;
    if (isClosedToUs(info, 0500)) {
        folder.m_closed = info.st_mode & 07777;
        folder.m_unlocked = ::chmod(throughProc(node.get()).c_str(), folder.m_closed | 0500) == 0;
    }
    // "." of the node: the very folder that was looked at, whatever bears the name now.
    folder.m_folder.reset(::openat(node.get(), ".", folderFlags));
    if (const int error = errno; !folder && std::exchange(folder.m_unlocked, false)) {
        ::chmod(throughProc(node.get()).c_str(), folder.m_closed);
        errno = error;
    }
    return folder;
}

UpperFolder UpperFolder::openPath(int folder, const std::string& path)
{
    UpperFolder here = open(folder, ".");
    for (std::size_t from = 0; here && from < path.size();) {
        const std::size_t slash = std::min(path.find('/', from), path.size());
        here = open(here.get(), path.substr(from, slash - from).c_str());
        from = slash + 1;
    }
    return here;
}

UpperFolder::UpperFolder(UpperFolder&& other) noexcept
    : m_folder(std::move(other.m_folder)), m_closed(other.m_closed), m_unlocked(std::exchange(other.m_unlocked, false))
{
}

UpperFolder& UpperFolder::operator=(UpperFolder&& other) noexcept
{
    if (this != &other) {
        close();
        m_folder = std::move(other.m_folder);
        m_closed = other.m_closed;
        m_unlocked = std::exchange(other.m_unlocked, false);
    }
    return *this;
}

void UpperFolder::close()
{
    if (std::exchange(m_unlocked, false) && m_folder)
        giveBack(m_folder.get(), m_closed | 0500, m_closed);
    m_folder.reset();
}

UniqueFd openUpperFile(int parent, const char* name)
{
    UniqueFd file(::openat(parent, name, fileFlags));
    if (file || errno != EACCES)
        return file;
    const UniqueFd node(::openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat info = {};
    if (!node || ::fstat(node.get(), &info) != 0 || !S_ISREG(info.st_mode) || !isClosedToUs(info, 0400)) {
        errno = EACCES;
        return {};
    }
    const std::string path = throughProc(node.get());
    const mode_t original = info.st_mode & 07777;
    if (::chmod(path.c_str(), original | 0400) != 0)
        return {};
    file.reset(::open(path.c_str(), fileFlags & ~O_NOFOLLOW));
    const int error = errno;
    if (file)
        giveBack(file.get(), original | 0400, original);
    else
        ::chmod(path.c_str(), original);
    errno = error;
    return file;
}

Result<std::vector<std::string>> namesIn(int folder, const std::string& nameForErrors)
{
    Listing listing(folder, ".");
    if (!listing)
        return failErrno(nameForErrors, "Could not list the folder", errno);
    std::vector<std::string> names;
    while (const dirent* item = listing.next())
        names.emplace_back(item->d_name);
    if (errno != 0)
        return failErrno(nameForErrors, "Could not list the folder", errno);
    return names;
}

} // namespace gatehouse::host
