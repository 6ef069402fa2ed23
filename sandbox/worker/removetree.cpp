#include "sandbox/worker/removetree.h"

#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "core/foundation/listing.h"
#include "core/foundation/uniquefd.h"

namespace gatehouse::worker {

// Opens a folder for deletion; one without rights for its owner gets them. Pinned before its mode changes: who still writes in
// there could swap the name for a link.
static UniqueFd openFolder(int parent, const char* name)
{
    constexpr int flags = O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    struct stat info = {};
    const UniqueFd pinned(::openat(parent, name, O_PATH | flags));
    if (!pinned || ::fstat(pinned.get(), &info) != 0)
        return {};
    const std::string link = "/proc/self/fd/" + std::to_string(pinned.get());
    if ((info.st_mode & 0700) != 0700 && ::chmod(link.c_str(), 0700) != 0)
        return {};
    return UniqueFd(::openat(pinned.get(), ".", O_RDONLY | flags));
}

// Removes the files of a folder, and gives its sub-folders' names.
static std::vector<std::string> emptyOfFiles(int folder)
{
    std::vector<std::string> folders;
    Listing listing(folder, ".");
    while (const dirent* entry = listing.next())
        if (::unlinkat(folder, entry->d_name, 0) != 0)
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

static void emptyFolder(const UniqueFd& top)
{
    unsigned serial = 0;
    unsigned before = 1;
    // Until a round moves nothing up any more.
    for (int round = 0; top && before != serial && round < 100000; ++round) {
        before = serial;
        removeBeneath(top.get(), top.get(), 0, serial);
    }
}

void emptyTree(const std::string& path)
{
    emptyFolder(UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)));
}

void removeTree(const std::string& path)
{
    emptyFolder(openFolder(AT_FDCWD, path.c_str()));
    (void)::rmdir(path.c_str());
}

} // namespace gatehouse::worker
