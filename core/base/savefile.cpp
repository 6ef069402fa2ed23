#include "core/base/savefile.h"

#include "core/base/ids.h"
#include "core/foundation/beneath.h"
#include "core/foundation/uniquefd.h"

#include <cerrno>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse {

static Result<void> writeTemporary(int directory, const std::string& temporary, std::string_view bytes, mode_t mode)
{
    const UniqueFd fd(::openat(directory, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
    if (!fd)
        return failErrno(temporary, "Could not make a file", errno);
    GH_TRY(writeAll(fd.get(), temporary, bytes));
    // The mode is asked for, not what the umask leaves of it.
    if (::fchmod(fd.get(), mode) != 0)
        return failErrno(temporary, "Could not set the mode", errno);
    if (::fsync(fd.get()) != 0)
        return failErrno(temporary, "Could not sync", errno);
    return {};
}

static Result<void> replace(int directory, const std::string& temporary, const std::string& name)
{
    if (::renameat(directory, temporary.c_str(), directory, name.c_str()) != 0)
        return failErrno(name, "Could not replace the file", errno);
    if (::fsync(directory) != 0)
        return failErrno(name, "Could not sync the folder", errno);
    return {};
}

Result<void> saveFileAt(int directory, const std::string& name, std::string_view bytes, mode_t mode)
{
    const std::string temporary = ".gatehouse-" + randomHex(8);
    Result<void> result = writeTemporary(directory, temporary, bytes, mode);
    if (result)
        result = replace(directory, temporary, name);
    if (!result) {
        ::unlinkat(directory, temporary.c_str(), 0);
        result.error().where = name;
    }
    return result;
}

Result<void> saveFile(const std::string& path, std::string_view bytes, mode_t mode)
{
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    GH_ASSIGN(const UniqueFd directory, openDirectory(folder));
    Result<void> result = saveFileAt(directory.get(), slash == std::string::npos ? path : path.substr(slash + 1), bytes, mode);
    if (!result)
        result.error().where = path;
    return result;
}

} // namespace gatehouse
