#include "core/foundation/beneath.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gatehouse {

Result<UniqueFd> openBeneath(int directory, const std::string& path, int flags, mode_t mode)
{
    // A NUL would cut the name that the kernel sees.
    if (path.find('\0') != std::string::npos)
        return fail(ErrorCode::InvalidInput, path, "The path holds a NUL byte");
    struct open_how how = {};
    how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC | O_NOFOLLOW;
    how.mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? mode : 0;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const std::string name = path.empty() ? "." : path;
    long fd = -1;
    // EAGAIN: a rename raced with the walk; the kernel asks to try again.
    for (int attempt = 0; attempt < 16; ++attempt) {
        fd = ::syscall(SYS_openat2, directory, name.c_str(), &how, sizeof how);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
            break;
    }
    if (fd < 0) {
        if (errno == ELOOP || errno == EXDEV)
            return fail(ErrorCode::PermissionDenied, path, "The path leaves its folder or goes through a symbolic link");
        return failErrno(path, "Could not open", errno);
    }
    return UniqueFd(static_cast<int>(fd));
}

Result<UniqueFd> openDirectory(const std::string& path)
{
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd)
        return failErrno(path, "Could not open the folder", errno);
    return fd;
}

Result<std::string> readAll(int fd, const std::string& nameForErrors, std::uint64_t maximum)
{
    std::string out;
    char buffer[65536];
    for (;;) {
        const ssize_t got = ::read(fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failErrno(nameForErrors, "Could not read", errno);
        if (got == 0)
            return out;
        if (out.size() + static_cast<std::uint64_t>(got) > maximum)
            return fail(ErrorCode::Limit, nameForErrors, Message("The file is larger than %1 bytes", {std::to_string(maximum)}));
        out.append(buffer, static_cast<std::size_t>(got));
    }
}

Result<std::string> readBeneath(int directory, const std::string& path, std::uint64_t maximum)
{
    // O_NONBLOCK: a planted FIFO must not hold us.
    GH_ASSIGN(const UniqueFd fd, openBeneath(directory, path, O_RDONLY | O_NONBLOCK));
    struct stat status = {};
    if (::fstat(fd.get(), &status) != 0)
        return failErrno(path, "Could not inspect", errno);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::InvalidInput, path, "This is not a regular file");
    return readAll(fd.get(), path, maximum);
}

Result<void> writeAll(int fd, const std::string& nameForErrors, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failErrno(nameForErrors, "Could not write", errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> makeDirectoriesBeneath(int directory, const std::string& path, mode_t mode)
{
    if (!isPlainRelativePath(path))
        return fail(ErrorCode::InvalidInput, path, "This is not a plain relative path");
    for (std::size_t end = 0; end != std::string::npos;) {
        end = path.find('/', end + 1);
        const std::string part = path.substr(0, end);
        const std::size_t slash = part.rfind('/');
        const std::string parent = slash == std::string::npos ? "" : part.substr(0, slash);
        GH_ASSIGN(const UniqueFd parentFd, openBeneath(directory, parent, O_PATH | O_DIRECTORY));
        const std::string name = slash == std::string::npos ? part : part.substr(slash + 1);
        if (::mkdirat(parentFd.get(), name.c_str(), mode) != 0 && errno != EEXIST)
            return failErrno(part, "Could not make the folder", errno);
    }
    GH_TRY(openBeneath(directory, path, O_PATH | O_DIRECTORY));
    return {};
}

bool isPlainRelativePath(std::string_view path)
{
    if (path.empty() || path.front() == '/' || path.back() == '/' || path.find('\0') != std::string_view::npos)
        return false;
    for (std::size_t start = 0; start <= path.size();) {
        std::size_t end = path.find('/', start);
        if (end == std::string_view::npos)
            end = path.size();
        const std::string_view part = path.substr(start, end - start);
        if (part.empty() || part == "." || part == "..")
            return false;
        start = end + 1;
    }
    return true;
}

} // namespace gatehouse
