#include "sandbox/worker/removetree.h"

#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "core/foundation/uniquefd.h"

namespace gatehouse::worker {

static bool isDots(const char* name)
{
    return std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0;
}

// Opens a folder for deletion; one without rights for its owner gets them.
static UniqueFd openFolder(int parent, const char* name)
{
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    UniqueFd fd(::openat(parent, name, flags));
    struct stat info = {};
    if (fd && ::fstat(fd.get(), &info) == 0 && (info.st_mode & 0700) == 0700)
        return fd;
    if (fd) {
        if (::fchmod(fd.get(), 0700) != 0)
            fd.reset();
        return fd;
    }
    if (::fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(info.st_mode))
        return fd;
    // Not followed: it was a folder, and the sandbox that could have swapped it is gone.
    if (::fchmodat(parent, name, 0700, 0) != 0)
        return fd;
    fd.reset(::openat(parent, name, flags));
    return fd;
}

// Removes the files of a folder, and gives its sub-folders' names.
static std::vector<std::string> emptyOfFiles(int folder)
{
    std::vector<std::string> folders;
    const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), ::closedir);
    if (!listing)
        return folders;
    while (const dirent* entry = ::readdir(listing.get()))
        if (!isDots(entry->d_name) && ::unlinkat(folder, entry->d_name, 0) != 0)
            folders.emplace_back(entry->d_name);
    return folders;
}

// A tree may be deeper than descriptors or the stack allow: what lies too deep is moved up, where the next round finds it.
static void removeBeneath(int top, int folder, int depth, unsigned& serial)
{
    for (const std::string& name : emptyOfFiles(folder)) {
        if (depth == 64) {
            const std::string moved = ".gatehouse-deep-" + std::to_string(serial++);
            (void)openFolder(folder, name.c_str());
            if (::renameat(folder, name.c_str(), top, moved.c_str()) == 0)
                continue;
        }
        if (const UniqueFd inner = openFolder(folder, name.c_str()))
            removeBeneath(top, inner.get(), depth + 1, serial);
        (void)::unlinkat(folder, name.c_str(), AT_REMOVEDIR);
    }
}

void removeTree(const std::string& path)
{
    const UniqueFd top = openFolder(AT_FDCWD, path.c_str());
    unsigned serial = 0;
    unsigned before = 1;
    // Until a round moves nothing up any more.
    for (int round = 0; top && before != serial && round < 100000; ++round) {
        before = serial;
        removeBeneath(top.get(), top.get(), 0, serial);
    }
    (void)::rmdir(path.c_str());
}

} // namespace gatehouse::worker
