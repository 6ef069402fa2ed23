#include "core/workspace/folderwalk.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

#include "core/foundation/beneath.h"
#include "core/foundation/listing.h"
#include "core/workspace/pathname.h"

namespace gatehouse::workspace {

using execution::FileKind;

namespace {

constexpr unsigned maximumDepth = 200;

FileKind kindOf(mode_t mode)
{
    return S_ISREG(mode) ? FileKind::Regular : S_ISDIR(mode) ? FileKind::Directory : S_ISLNK(mode) ? FileKind::Symlink : FileKind::Other;
}

Result<std::vector<std::string>> namesIn(int folder, const std::string& shown)
{
    Listing listing(folder, ".");
    if (!listing)
        return failErrno(shown, "Could not list the folder", errno);
    std::vector<std::string> names;
    while (const dirent* entry = listing.next())
        names.emplace_back(entry->d_name);
    if (errno != 0)
        return failErrno(shown, "Could not list the folder", errno);
    std::ranges::sort(names);
    return names;
}

class Walker {
public:
    Walker(const std::string& name, const std::function<Result<void>(const FolderItem&)>& visit) : m_name(name), m_visit(visit) { }

    Result<void> walk(int folder, const std::string& prefix, unsigned depth)
    {
        const std::string shown = prefix.empty() ? m_name : m_name + '/' + shownPath(prefix.substr(0, prefix.size() - 1));
        if (depth > maximumDepth)
            return fail(ErrorCode::Limit, shown, Message("Folders are nested deeper than %1", {std::to_string(maximumDepth)}));
        GH_ASSIGN(const std::vector<std::string> names, namesIn(folder, shown));
        for (const std::string& name : names)
            GH_TRY(visitOne(folder, prefix, name, depth));
        return {};
    }

private:
    Result<void> visitOne(int folder, const std::string& prefix, const std::string& name, unsigned depth)
    {
        struct stat status = {};
        if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
            if (errno == ENOENT)
                return {};
            return failErrno(m_name + '/' + shownPath(prefix + name), "Could not inspect", errno);
        }
        const FolderItem item{
            prefix + name, name, kindOf(status.st_mode), status.st_mode & 07777u, static_cast<std::uint64_t>(status.st_size), folder};
        GH_TRY(m_visit(item));
        if (item.kind != FileKind::Directory)
            return {};
        GH_ASSIGN(const UniqueFd inner, openBeneath(folder, name, O_RDONLY | O_DIRECTORY));
        return walk(inner.get(), item.path + '/', depth + 1);
    }

    const std::string& m_name;
    const std::function<Result<void>(const FolderItem&)>& m_visit;
};

} // namespace

Result<void> walkFolder(int folder, const std::string& name, const std::function<Result<void>(const FolderItem&)>& visit)
{
    return Walker(name, visit).walk(folder, {}, 0);
}

} // namespace gatehouse::workspace
