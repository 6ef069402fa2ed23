#include "sandbox/host/diskwatch.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/foundation/uniquefd.h"
#include "sandbox/host/unlinkedfiles.h"
#include "sandbox/host/upperfolder.h"

namespace gatehouse::host {

using Time = std::chrono::steady_clock;

// One descriptor is open per level.
static constexpr int deepest = 200;

static std::uint64_t lost(std::uint64_t then, std::uint64_t left)
{
    return then > left ? then - left : 0;
}

void DiskWatch::walk(int folder, int depth, Seen& seen) const
{
    const auto names = namesIn(folder, {});
    if (!names || depth > deepest) {
        seen.hidden = true;
        return;
    }
    for (const std::string& name : *names) {
        struct stat info = {};
        if (::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
            seen.hidden = seen.hidden || errno != ENOENT;
            continue;
        }
        ++seen.size.files;
        seen.size.bytes += static_cast<std::uint64_t>(info.st_blocks) * 512;
        if (seen.size.files > m_files)
            return;
        if (!S_ISDIR(info.st_mode))
            continue;
        if (const UpperFolder inner = UpperFolder::open(folder, name.c_str()); inner)
            walk(inner.get(), depth + 1, seen);
        else
            seen.hidden = seen.hidden || errno != ENOENT;
    }
}

// The folder that the kernel uses for its own work is always closed to everybody, and empty but for moments.
DiskWatch::Size DiskWatch::measure() const
{
    Seen seen;
    struct stat info = {};
    const UniqueFd upper(::openat(m_layer, "upper", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (upper)
        walk(upper.get(), 0, seen);
    if (::fstat(m_layer, &info) == 0 && seen.size.bytes <= m_bytes && seen.size.files <= m_files) {
        const UnlinkedFiles unlinked = findUnlinkedFiles(m_worker, info.st_dev);
        seen.size.bytes += unlinked.bytes;
        seen.size.files += unlinked.files;
        seen.hidden = seen.hidden || unlinked.hidden;
    }
    if (!upper || seen.hidden)
        return {std::max(seen.size.bytes, m_known.bytes + m_gone.bytes), std::max(seen.size.files, m_known.files + m_gone.files)};
    return seen.size;
}

std::optional<execution::LimitBreach> DiskWatch::judge(const Size& size) const
{
    const auto breach = [](execution::Limit limit, std::uint64_t value, std::uint64_t maximum) {
        return execution::LimitBreach{limit, static_cast<std::int64_t>(value), static_cast<std::int64_t>(maximum)};
    };
    if (size.bytes > m_bytes)
        return breach(execution::Limit::Disk, size.bytes, m_bytes);
    if (size.files > m_files)
        return breach(execution::Limit::Inodes, size.files, m_files);
    return std::nullopt;
}

void DiskWatch::noteLosses(const Size& freeNow)
{
    const Size then = m_freeThen.value_or(freeNow);
    const std::uint64_t bytes = lost(then.bytes, freeNow.bytes);
    m_gone.bytes += bytes;
    m_gone.files += lost(then.files, freeNow.files);
    m_goneInCall += m_first ? 0 : bytes;
    m_freeThen = freeNow;
}

std::optional<execution::LimitBreach> DiskWatch::check()
{
    struct statvfs info = {};
    if (m_layer < 0 || ::fstatvfs(m_layer, &info) != 0)
        return std::nullopt;
    const Size freeNow = {info.f_bfree * info.f_frsize, info.f_ffree};
    noteLosses(freeNow);
    // A disk that is nearly full, and lost more than the limit during this call: nobody waits for the last block.
    if (m_goneInCall > m_bytes && freeNow.bytes < std::max<std::uint64_t>(64ull << 20, info.f_blocks * info.f_frsize / 100))
        return judge({m_goneInCall, 0});
    const auto now = Time::now();
    const bool couldBe = m_known.bytes + m_gone.bytes > m_bytes || m_known.files + m_gone.files > m_files;
    if (!m_first && (!couldBe || now < m_nextWalk))
        return std::nullopt;
    m_first = false;
    m_known = measure();
    m_gone = {};
    m_nextWalk = now + std::chrono::milliseconds(1) + 10 * (Time::now() - now); // at most a tenth of the time is spent looking
    return judge(m_known);
}

} // namespace gatehouse::host
