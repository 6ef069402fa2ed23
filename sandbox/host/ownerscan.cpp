#include "sandbox/host/ownerscan.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fts.h>
#include <memory>
#include <sys/stat.h>

#include "sandbox/protocol/limits.h"

namespace gatehouse::host {

static void note(std::vector<std::uint32_t>& known, std::uint32_t id)
{
    // The last one seen is nearly always the next one too.
    if ((!known.empty() && known.back() == id) || std::find(known.begin(), known.end(), id) != known.end())
        return;
    if (known.size() < protocol::maximumOwners)
        known.push_back(id);
}

Result<protocol::OwnerIds> scanOwners(const std::string& folder)
{
    protocol::OwnerIds owners;
    std::string root = folder;
    char* const paths[] = {root.data(), nullptr};
    const std::unique_ptr<FTS, int (*)(FTS*)> tree(::fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, nullptr), ::fts_close);
    if (!tree)
        return failErrno(folder, "Could not look through the workspace", errno);
    while (const FTSENT* entry = ::fts_read(tree.get())) {
        if (entry->fts_info == FTS_DP || entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR)
            continue;
        note(owners.users, entry->fts_statp->st_uid);
        note(owners.groups, entry->fts_statp->st_gid);
    }
    if (owners.users.empty())
        return fail(ErrorCode::NotFound, folder, "The workspace folder can't be read");
    return owners;
}

} // namespace gatehouse::host
