#include "sandbox/isolation/mounts.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/isolation/step.h"

namespace gatehouse::isolation {

Result<UniqueFd> openSource(const std::string& path)
{
    open_how how = {};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS;
    UniqueFd fd(static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how)));
    if (!fd)
        return stepFailed("open a source", path, errno);
    return fd;
}

Result<UniqueFd> cloneTree(int source, const std::string& nameForErrors)
{
    // Recursive: a copy without the mounts beneath would uncover what they hide, and the kernel refuses it in a user namespace.
    UniqueFd tree(::open_tree(source, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE));
    if (!tree)
        return stepFailed("copy a mount", nameForErrors, errno);
    return tree;
}

Result<void> restrictTree(int tree, TreeUse use, int idmap, const std::string& nameForErrors)
{
    mount_attr attributes = {};
    attributes.attr_set = MOUNT_ATTR_NOSUID;
    attributes.attr_set |= use == TreeUse::DeviceNode ? MOUNT_ATTR_NOEXEC : MOUNT_ATTR_NODEV;
    if (use == TreeUse::ReadOnly)
        attributes.attr_set |= MOUNT_ATTR_RDONLY;
    if (idmap >= 0) {
        attributes.attr_set |= MOUNT_ATTR_IDMAP;
        attributes.userns_fd = static_cast<std::uint64_t>(idmap);
    }
    attributes.propagation = MS_PRIVATE;
    if (::mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes) != 0)
        return stepFailed(idmap >= 0 ? "map the owners of a mount" : "restrict a mount", nameForErrors, errno);
    return {};
}

static Result<UniqueFd> mountOf(int context, const char* type, std::uint64_t attributes)
{
    if (::fsconfig(context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0)
        return stepFailed("make a file system", type, errno);
    UniqueFd mount(::fsmount(context, FSMOUNT_CLOEXEC, static_cast<unsigned>(attributes)));
    if (!mount)
        return stepFailed("mount a file system", type, errno);
    return mount;
}

static Result<void> setOption(int context, const char* type, const char* key, const std::string& value)
{
    const bool isFlag = value.empty();
    if (::fsconfig(context, isFlag ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING, key, isFlag ? nullptr : value.c_str(), 0) != 0)
        return stepFailed("set a mount option", std::string(type) + ":" + key, errno);
    return {};
}

Result<UniqueFd> newFileSystem(const char* type, const MountOptions& options, std::uint64_t attributes)
{
    UniqueFd context(::fsopen(type, FSOPEN_CLOEXEC));
    if (!context)
        return stepFailed("open a file system", type, errno);
    for (const auto& [key, value] : options)
        GH_TRY(setOption(context.get(), type, key, value));
    return mountOf(context.get(), type, attributes);
}

static Result<void> setLayer(int context, const char* key, int fd)
{
    if (::fsconfig(context, FSCONFIG_SET_FD, key, nullptr, fd) == 0)
        return {};
    // Kernels before 6.13 take no descriptors for layers; the name below is the same object.
    const std::string name = "/proc/self/fd/" + std::to_string(fd);
    if (::fsconfig(context, FSCONFIG_SET_STRING, key, name.c_str(), 0) != 0)
        return stepFailed("set a layer of the overlay", key, errno);
    return {};
}

Result<UniqueFd> newOverlay(const std::vector<int>& lowers, int upper, int work, std::uint64_t attributes)
{
    UniqueFd context(::fsopen("overlay", FSOPEN_CLOEXEC));
    if (!context)
        return stepFailed("open a file system", "overlay", errno);
    for (const int lower : lowers)
        GH_TRY(setLayer(context.get(), "lowerdir+", lower));
    if (upper >= 0) {
        GH_TRY(setLayer(context.get(), "upperdir", upper));
        GH_TRY(setLayer(context.get(), "workdir", work));
    }
    GH_TRY(setOption(context.get(), "overlay", "userxattr", {}));
    GH_TRY(setOption(context.get(), "overlay", "index", "off"));
    GH_TRY(setOption(context.get(), "overlay", "xino", "off"));
    return mountOf(context.get(), "overlay", attributes);
}

Result<void> attach(int mount, int directory, const std::string& path)
{
    if (::move_mount(mount, "", directory, path.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0)
        return stepFailed("attach a mount", path, errno);
    return {};
}

Result<void> makeAllPrivate()
{
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return stepFailed("cut mount propagation", "/", errno);
    return {};
}

Result<void> enterRoot(int root)
{
    if (::fchdir(root) != 0)
        return stepFailed("enter the new root", {}, errno);
    if (::syscall(SYS_pivot_root, ".", ".") != 0)
        return stepFailed("exchange the root", {}, errno);
    // "." is still the old root, mounted over the new one.
    if (::umount2(".", MNT_DETACH) != 0)
        return stepFailed("leave the old root", {}, errno);
    if (::chdir("/") != 0)
        return stepFailed("enter the new root", {}, errno);
    return {};
}

Result<void> makeReadOnly(const char* path)
{
    mount_attr attributes = {};
    attributes.attr_set = MOUNT_ATTR_RDONLY;
    if (::mount_setattr(AT_FDCWD, path, 0, &attributes, sizeof attributes) != 0)
        return stepFailed("make a mount read-only", path, errno);
    return {};
}

} // namespace gatehouse::isolation
