#include "sandbox/worker/preparation.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "core/foundation/beneath.h"
#include "sandbox/isolation/step.h"
#include "sandbox/protocol/limits.h"
#include "sandbox/worker/statefolder.h"

namespace gatehouse::worker {

using isolation::stepFailed;

namespace {

Result<std::string> stateFolder(Maker& maker)
{
    if (!maker.request.state.empty())
        return maker.request.state;
    GH_ASSIGN(PrivateFolder folder, makePrivateFolder(maker.request.temporaryFolder));
    maker.made.sandbox.temporary = folder.path;
    maker.made.sandbox.lock = std::move(folder.lock);
    return folder.path;
}

// The ids a sandbox of root runs as: those that its state already belongs to, else new ones of nobody's.
Result<void> chooseIds(Maker& maker, int state)
{
    constexpr std::uint32_t count = protocol::maximumOwners + 1;
    struct stat info = {};
    if (!maker.root)
        return {};
    if (::fstatat(state, "layer/upper", &info, AT_SYMLINK_NOFOLLOW) == 0 && info.st_uid > 60000) {
        maker.hostId = maker.hostGroup = info.st_uid;
        return {};
    }
    const auto first = isolation::unusedHostIds(count);
    if (!first)
        return stepFailed("find an unprivileged user id to drop to", "/proc/self/uid_map", ENOENT);
    maker.hostId = maker.hostGroup = *first;
    return {};
}

// Owner k of the workspace is id 1000+k inside and hostId+k outside.
void mapIds(const std::vector<std::uint32_t>& owners, std::uint32_t first, std::vector<isolation::IdLine>& sandbox,
            std::vector<isolation::IdLine>& mount)
{
    sandbox.push_back({1000, first});
    for (std::uint32_t k = 0; k < owners.size(); ++k) {
        mount.push_back({owners[k], first + k});
        if (k > 0)
            sandbox.push_back({1000 + k, first + k});
    }
}

void makeMaps(Maker& maker)
{
    const protocol::OwnerIds none;
    const protocol::OwnerIds& owners = maker.root ? maker.request.owners : none;
    mapIds(owners.users, maker.hostId, maker.maps.users, maker.ownerMaps.users);
    mapIds(owners.groups, maker.hostGroup, maker.maps.groups, maker.ownerMaps.groups);
}

Result<void> makeLayerFolder(const Maker& maker, int parent, const char* name, mode_t mode)
{
    if (::mkdirat(parent, name, mode) != 0 && errno != EEXIST)
        return stepFailed("make a layer folder", name, errno);
    if (maker.root && ::fchownat(parent, name, maker.hostId, maker.hostGroup, AT_SYMLINK_NOFOLLOW) != 0)
        return stepFailed("give a layer folder to the sandbox", name, errno);
    return {};
}

// The merged root shows the upper folder's mode: the workspace's own, but always usable by its owner.
Result<void> setRootMode(const Maker& maker, int upper)
{
    struct stat info = {};
    const bool known = maker.view.workspace.source && ::fstat(maker.view.workspace.source.get(), &info) == 0;
    if (::fchmod(upper, known ? (info.st_mode & 0777) | 0700 : 0755) != 0)
        return stepFailed("set the mode of the workspace", {}, errno);
    return {};
}

Result<void> prepareLayer(Maker& maker, const std::string& state, int stateFd)
{
    GH_TRY(makeLayerFolder(maker, stateFd, "layer", 0700));
    GH_ASSIGN(maker.made.layer, openBeneath(stateFd, "layer", O_RDONLY | O_DIRECTORY));
    GH_TRY(makeLayerFolder(maker, maker.made.layer.get(), "upper", 0755));
    GH_TRY(makeLayerFolder(maker, maker.made.layer.get(), "work", 0700));
    GH_ASSIGN(const UniqueFd upper, openBeneath(maker.made.layer.get(), "upper", O_RDONLY | O_DIRECTORY));
    GH_TRY(setRootMode(maker, upper.get()));
    GH_ASSIGN(maker.view.layer, isolation::prepareTree(state + "/layer", ".s", isolation::TreeUse::Writable, maker.when()));
    return {};
}

// Folders of the project are shown with their owners mapped to the sandbox's user, so that a private one can be read.
Result<isolation::Tree> prepareOwned(const Maker& maker, const std::string& path, const isolation::IdMaps& owners)
{
    UniqueFd map;
    if (maker.root && !owners.users.empty()) {
        GH_ASSIGN(map, isolation::makeMapNamespace(owners));
    }
    return isolation::prepareTree(path, {}, isolation::TreeUse::ReadOnly, maker.when(), map.get());
}

Result<void> prepareWorkspace(Maker& maker)
{
    const protocol::CreateSandbox& request = maker.request;
    const bool hasFolder = request.access != protocol::LaunchAccess::None && !request.workspace.empty();
    if (hasFolder) {
        GH_ASSIGN(maker.view.workspace, prepareOwned(maker, request.workspace, maker.ownerMaps));
        GH_ASSIGN(maker.made.workspace, openDirectory(request.workspace));
    }
    if (!hasFolder)
        maker.view.kind = isolation::WorkspaceKind::Empty;
    else if (request.access == protocol::LaunchAccess::ReadOnly)
        maker.view.kind = isolation::WorkspaceKind::ReadOnly;
    else
        maker.view.kind = isolation::WorkspaceKind::Overlay;
    return {};
}

Result<void> prepareTools(Maker& maker)
{
    struct stat info = {};
    if (maker.request.tools.empty())
        return {};
    if (::stat(maker.request.tools.c_str(), &info) != 0)
        return stepFailed("open a source", maker.request.tools, errno);
    const isolation::IdMaps owner = {{{info.st_uid, maker.hostId}}, {{info.st_gid, maker.hostGroup}}};
    GH_ASSIGN(maker.view.tools, prepareOwned(maker, maker.request.tools, owner));
    return {};
}

} // namespace

Result<void> prepareView(Maker& maker)
{
    GH_ASSIGN(const std::string state, stateFolder(maker));
    GH_ASSIGN(const UniqueFd stateFd, openDirectory(state));
    GH_TRY(chooseIds(maker, stateFd.get()));
    makeMaps(maker);
    GH_TRY(prepareWorkspace(maker));
    if (maker.view.kind != isolation::WorkspaceKind::ReadOnly)
        GH_TRY(prepareLayer(maker, state, stateFd.get()));
    GH_TRY(prepareTools(maker));
    GH_TRY(isolation::addSystemTrees(maker.view, maker.when()));
    for (const std::string& path : maker.request.read) {
        GH_ASSIGN(isolation::Tree tree, isolation::prepareTree(path, path.substr(1), isolation::TreeUse::ReadOnly, maker.when()));
        maker.view.trees.push_back(std::move(tree));
    }
    maker.view.memory = maker.request.limits.memory;
    maker.view.inodes = maker.request.limits.inodes;
    return {};
}

} // namespace gatehouse::worker
