#include "sandbox/worker/statefolder.h"

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/foundation/beneath.h"
#include "core/foundation/listing.h"
#include "sandbox/isolation/step.h"
#include "sandbox/worker/removetree.h"

namespace gatehouse::worker {

using isolation::stepFailed;

static constexpr std::string_view prefix = "gatehouse-";
static constexpr std::size_t serial = 6; // characters that mkdtemp chooses
// Between making a folder and locking it another launcher may look.
static constexpr std::time_t youngSeconds = 60;

Result<PrivateFolder> makePrivateFolder(const std::string& parent)
{
    PrivateFolder folder;
    folder.path = parent + '/' + std::string(prefix) + std::string(serial, 'X');
    if (::mkdtemp(folder.path.data()) == nullptr)
        return stepFailed("make a private folder", folder.path, errno);
    GH_ASSIGN(folder.lock, openDirectory(folder.path));
    // A file system without locks leaves it unlocked: then only its age protects it, as with any sweeper of such folders.
    if (::flock(folder.lock.get(), LOCK_EX | LOCK_NB) != 0 && errno != ENOLCK && errno != EOPNOTSUPP && errno != EINVAL)
        return stepFailed("lock a private folder", folder.path, errno);
    return folder;
}

static bool isName(std::string_view name)
{
    return name.size() == prefix.size() + serial && name.starts_with(prefix);
}

static bool isLeftOver(int folder)
{
    struct stat info = {};
    return ::fstat(folder, &info) == 0 && info.st_uid == ::geteuid() && (info.st_mode & 07777) == 0700 &&
        info.st_mtime + youngSeconds < std::time(nullptr) && ::flock(folder, LOCK_EX | LOCK_NB) == 0;
}

void sweepPrivateFolders(const std::string& parent)
{
    const UniqueFd top(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!top)
        return;
    Listing listing(top.get(), ".");
    while (const dirent* entry = listing.next()) {
        if (!isName(entry->d_name))
            continue;
        // Held while it is removed: no other sweeper begins with it.
        const UniqueFd folder(::openat(top.get(), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (folder && isLeftOver(folder.get()))
            removeTree(parent + '/' + entry->d_name);
    }
}

} // namespace gatehouse::worker
