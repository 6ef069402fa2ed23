#include "core/manifest/localsource.h"

#include <fcntl.h>

#include "core/foundation/beneath.h"

namespace gatehouse::manifest {

bool liesIn(const std::string& path, const std::string& folder)
{
    return path == folder || (path.starts_with(folder) && (folder.ends_with('/') || path[folder.size()] == '/'));
}

// The folder whose permission covers the path; empty: none.
static std::string rootOf(const workflow::Project& project, const std::string& path)
{
    if (liesIn(path, project.directory))
        return project.directory;
    for (const workflow::PathGrant& grant : project.grants)
        if (liesIn(path, grant.path))
            return grant.path;
    return {};
}

Result<UniqueFd> openSource(const workflow::Project& project, const std::string& path, int flags)
{
    if (liesIn(path, project.stateDirectory()))
        return fail(ErrorCode::PermissionDenied, path, "The project's runs are never copied into a workspace");
    const std::string root = rootOf(project, path);
    if (root.empty())
        return fail(ErrorCode::PermissionDenied, path, "The source lies outside the project",
                    "Copy it into the project, or grant the folder in gatehouse.json");
    GH_ASSIGN(const UniqueFd folder, openDirectory(root));
    std::string relative = path.substr(root.size());
    relative.erase(0, relative.find_first_not_of('/'));
    if (!relative.empty() && !isPlainRelativePath(relative))
        return fail(ErrorCode::PermissionDenied, path, "The source's path is not in its plain form");
    auto fd = openBeneath(folder.get(), relative, flags);
    if (!fd)
        fd.error().where = path;
    return fd;
}

} // namespace gatehouse::manifest
