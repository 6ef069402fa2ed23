#include "core/journal/lock.h"

#include "core/foundation/beneath.h"
#include "core/journal/rundirectory.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <thread>
#include <unistd.h>

namespace gatehouse::journal {

namespace {

std::optional<pid_t> number(const std::string& text)
{
    pid_t pid = 0;
    const auto [last, code] = std::from_chars(text.data(), text.data() + text.size(), pid);
    return code == std::errc() && last != text.data() && pid > 0 ? std::optional(pid) : std::nullopt;
}

// The kernel's own word: "1: FLOCK  ADVISORY  WRITE 1234 08:01:123456 0 EOF".
std::optional<pid_t> pidFromKernel(int fd)
{
    struct stat status = {};
    if (::fstat(fd, &status) != 0)
        return std::nullopt;
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
        std::istringstream in(line);
        std::string index, kind, mode, access, pid, file;
        in >> index >> kind >> mode >> access >> pid >> file;
        const std::size_t colon = file.rfind(':');
        if (kind == "FLOCK" && access == "WRITE" && colon != std::string::npos && file.substr(colon + 1) == std::to_string(status.st_ino))
            return number(pid);
    }
    return std::nullopt;
}

std::optional<pid_t> holder(int fd)
{
    if (const auto pid = pidFromKernel(fd))
        return pid;
    std::string text(32, '\0');
    const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
    return got > 0 ? number(text) : std::nullopt;
}

UniqueFd openLock(const std::string& runDirectory)
{
    return UniqueFd(::open((runDirectory + '/' + files::lock).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
}

} // namespace

Result<RunLock> RunLock::take(int runDirectory, IfMissing missing)
{
    const int create = missing == IfMissing::Create ? O_CREAT : 0;
    UniqueFd fd(::openat(runDirectory, files::lock, O_RDWR | O_CLOEXEC | O_NOFOLLOW | create, 0600));
    if (!fd)
        return failErrno(files::lock, "Could not open", errno);
    // Those who only ask whether a writer lives hold the lock for a moment: a few tries tell them from a writer.
    for (int attempt = 0; ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0; ++attempt) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return failErrno(files::lock, "Could not lock", errno);
        if (attempt < 10) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            continue;
        }
        const auto pid = holder(fd.get());
        return fail(ErrorCode::Busy, {},
                    pid ? Message("The run is in use by process %1", {std::to_string(*pid)})
                        : Message("The run is in use by another process"));
    }
    return RunLock(std::move(fd));
}

Result<void> RunLock::writePid() const
{
    const std::string text = std::to_string(::getpid()) + '\n';
    if (::ftruncate(m_fd.get(), 0) != 0 || ::pwrite(m_fd.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
        return failErrno(files::lock, "Could not write", errno);
    return {};
}

bool isWriterAlive(const std::string& runDirectory)
{
    const UniqueFd fd = openLock(runDirectory);
    return fd && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

std::optional<pid_t> writerPid(const std::string& runDirectory)
{
    if (!isWriterAlive(runDirectory))
        return std::nullopt;
    const UniqueFd fd = openLock(runDirectory);
    return fd ? holder(fd.get()) : std::nullopt;
}

} // namespace gatehouse::journal
