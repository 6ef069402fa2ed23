#include "sandbox/host/layeredworkspace.h"

#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <map>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "core/foundation/beneath.h"
#include "core/foundation/hex.h"
#include "core/foundation/sha256.h"
#include "sandbox/host/upperfolder.h"

namespace gatehouse::host {

using execution::FileContent;
using execution::FileKind;
using execution::FileState;

bool isWhiteout(const struct stat& info)
{
    return S_ISCHR(info.st_mode) && info.st_rdev == ::makedev(0, 0);
}

bool isOpaque(int folder)
{
    char value = 0;
    return ::fgetxattr(folder, "user.overlay.opaque", &value, 1) == 1 && value == 'y';
}

static FileKind kindOf(mode_t mode)
{
    if (S_ISREG(mode))
        return FileKind::Regular;
    if (S_ISDIR(mode))
        return FileKind::Directory;
    return S_ISLNK(mode) ? FileKind::Symlink : FileKind::Other;
}

FileState stateOf(const struct stat& info)
{
    if (isWhiteout(info))
        return {};
    FileState state;
    state.kind = kindOf(info.st_mode);
    state.mode = info.st_mode & 07777;
    if (state.kind == FileKind::Regular || state.kind == FileKind::Symlink)
        state.size = static_cast<std::uint64_t>(info.st_size);
    return state;
}

// What the upper layer says about a path.
struct LayeredWorkspace::Found {
    bool decided = false; // present here, deleted, or hidden: the lower layer has no say
    std::optional<struct stat> info;
    UpperFolder parent; // with info: where it is
    std::string name;
    bool opaque = false; // of a folder
};

LayeredWorkspace::LayeredWorkspace(UniqueFd upper, UniqueFd lower) : m_upper(std::move(upper)), m_lower(std::move(lower)) { }

static Result<void> checkPath(const std::string& path)
{
    if (!path.empty() && !isPlainRelativePath(path))
        return fail(ErrorCode::InvalidInput, path, "The path is not a plain path beneath the workspace");
    return {};
}

Result<LayeredWorkspace::Found> LayeredWorkspace::findUpper(const std::string& path) const
{
    Found found;
    if (!m_upper)
        return found;
    found.parent = UpperFolder::open(m_upper.get(), ".");
    std::size_t from = 0;
    for (;;) {
        const std::size_t slash = std::min(path.find('/', from), path.size());
        found.name = path.substr(from, slash - from);
        struct stat info = {};
        const char* name = found.name.empty() ? "." : found.name.c_str();
        if (::fstatat(found.parent.get(), name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
            if (errno != ENOENT)
                return failErrno(path, "Could not look at the file", errno);
            return found;
        }
        const bool last = slash == path.size();
        if (last) {
            found.info = info;
            found.decided = !S_ISDIR(info.st_mode);
        }
        if (!S_ISDIR(info.st_mode)) {
            found.decided = true;
            if (!last && S_ISLNK(info.st_mode))
                return fail(ErrorCode::PermissionDenied, path, "The path goes through a symbolic link");
            return found;
        }
        UpperFolder folder = UpperFolder::open(found.parent.get(), name);
        if (!folder)
            return failErrno(path, "Could not open the folder", errno);
        found.opaque = isOpaque(folder.get());
        found.decided = found.decided || found.opaque;
        if (last)
            return found;
        found.parent = std::move(folder);
        from = slash + 1;
    }
}

enum class LayerKind { Upper, Lower };

// Not waiting for a FIFO that took the file's place meanwhile.
static UniqueFd openFile(LayerKind layer, int parent, const std::string& name)
{
    if (layer == LayerKind::Upper)
        return openUpperFile(parent, name.c_str());
    return UniqueFd(::openat(parent, name.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC));
}

static Result<FileContent> contentAt(LayerKind layer, int parent, const std::string& name, const std::string& path, std::uint64_t maximum)
{
    const UniqueFd fd(::openat(parent, name.empty() ? "." : name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat info = {};
    if (!fd && errno == ENOENT)
        return FileContent();
    if (!fd || ::fstat(fd.get(), &info) != 0)
        return failErrno(path, "Could not look at the file", errno);
    FileContent content;
    content.state = stateOf(info);
    if (content.state.kind == FileKind::Symlink) {
        char target[PATH_MAX];
        const ssize_t length = ::readlinkat(fd.get(), "", target, sizeof target);
        if (length < 0)
            return failErrno(path, "Could not read the link", errno);
        content.bytes.assign(target, static_cast<std::size_t>(length));
    } else if (content.state.kind == FileKind::Regular) {
        const UniqueFd file = openFile(layer, parent, name);
        if (!file || ::fstat(file.get(), &info) != 0)
            return failErrno(path, "Could not open the file", errno);
        if (!S_ISREG(info.st_mode))
            return fail(ErrorCode::Busy, path, "The file changed while it was read");
        content.state = stateOf(info);
        if (content.state.size > maximum)
            return fail(ErrorCode::Limit, path, Message("The file is larger than %1 bytes", {std::to_string(maximum)}));
        GH_ASSIGN(content.bytes, readAll(file.get(), path, maximum));
        content.state.size = content.bytes.size();
    }
    return content;
}

Result<FileContent> LayeredWorkspace::read(const std::string& path, std::uint64_t maximum) const
{
    GH_TRY(checkPath(path));
    GH_ASSIGN(const Found found, findUpper(path));
    if (found.info)
        return isWhiteout(*found.info) ? Result<FileContent>(FileContent())
                                       : contentAt(LayerKind::Upper, found.parent.get(), found.name, path, maximum);
    if (found.decided)
        return FileContent();
    return readBase(path, maximum);
}

Result<FileContent> LayeredWorkspace::readBase(const std::string& path, std::uint64_t maximum) const
{
    GH_TRY(checkPath(path));
    if (!m_lower)
        return path.empty() ? FileContent{{FileKind::Directory, 0755, 0}, {}} : FileContent();
    const std::size_t slash = path.rfind('/');
    const bool nested = slash != std::string::npos;
    auto parent = openBeneath(m_lower.get(), nested ? path.substr(0, slash) : std::string(), O_PATH | O_DIRECTORY);
    if (!parent && (parent.error().code == ErrorCode::NotFound || parent.error().code == ErrorCode::System))
        return FileContent(); // a parent that is absent or a file
    if (!parent)
        return std::unexpected(parent.error());
    return contentAt(LayerKind::Lower, parent->get(), nested ? path.substr(slash + 1) : path, path, maximum);
}

static Result<execution::FileDigest> digestOf(int file, const std::string& path, std::uint64_t maximum)
{
    struct stat info = {};
    if (::fstat(file, &info) != 0)
        return failErrno(path, "Could not look at the file", errno);
    if (!S_ISREG(info.st_mode))
        return fail(ErrorCode::InvalidInput, path, "This is not a regular file");
    execution::FileDigest digest{stateOf(info), {}};
    Sha256 hash;
    std::vector<char> buffer(std::size_t(1) << 20);
    for (digest.state.size = 0; digest.state.size <= maximum;) {
        const ssize_t got = ::read(file, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failErrno(path, "Could not read the file", errno);
        if (got == 0) {
            digest.sha256 = toHex(hash.finish());
            return digest;
        }
        hash.update(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
        digest.state.size += static_cast<std::uint64_t>(got);
    }
    return fail(ErrorCode::Limit, path, Message("The file is larger than %1 bytes", {std::to_string(maximum)}));
}

Result<execution::FileDigest> LayeredWorkspace::digest(const std::string& path, std::uint64_t maximum) const
{
    GH_TRY(checkPath(path));
    GH_ASSIGN(const Found found, findUpper(path));
    constexpr int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY;
    UniqueFd file;
    if (found.info)
        file = openUpperFile(found.parent.get(), found.name.empty() ? "." : found.name.c_str());
    else if (!found.decided && m_lower) {
        GH_ASSIGN(file, openBeneath(m_lower.get(), path, flags));
    }
    if (!file)
        return fail(ErrorCode::NotFound, path, "There is no such file in the workspace");
    return digestOf(file.get(), path, maximum);
}

using Listing = std::map<std::string, FileKind>;

// Adds what a folder holds; a deletion removes the name.
static Result<void> addListing(int folder, const std::string& path, Listing& names)
{
    GH_ASSIGN(const std::vector<std::string> found, namesIn(folder, path));
    for (const std::string& name : found) {
        struct stat info = {};
        if (::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (isWhiteout(info))
            names.erase(name);
        else
            names[name] = kindOf(info.st_mode);
    }
    return {};
}

Result<std::vector<execution::DirectoryEntry>> LayeredWorkspace::list(const std::string& path) const
{
    GH_TRY(checkPath(path));
    GH_ASSIGN(const Found found, findUpper(path));
    Listing names;
    bool exists = false;
    if (m_lower && !found.decided) {
        auto folder = openBeneath(m_lower.get(), path, O_RDONLY | O_DIRECTORY);
        if (folder)
            GH_TRY(addListing(folder->get(), path, names));
        exists = folder.has_value();
    }
    if (found.info && S_ISDIR(found.info->st_mode)) {
        const UpperFolder folder = UpperFolder::open(found.parent.get(), found.name.empty() ? "." : found.name.c_str());
        if (!folder)
            return failErrno(path, "Could not open the folder", errno);
        GH_TRY(addListing(folder.get(), path, names));
        exists = true;
    }
    if (!exists && !path.empty())
        return fail(ErrorCode::NotFound, path, "There is no such folder in the workspace");
    std::vector<execution::DirectoryEntry> entries;
    for (const auto& [name, kind] : names)
        entries.push_back({name, kind});
    return entries;
}

} // namespace gatehouse::host
