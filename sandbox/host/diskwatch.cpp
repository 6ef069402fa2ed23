#include "sandbox/host/diskwatch.h"

#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/foundation/uniquefd.h"

namespace gatehouse::host {

using Time = std::chrono::steady_clock;

void DiskWatch::walk(int folder, int depth, Size& size) const
{
    const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), ::closedir);
    while (const dirent* item = listing ? ::readdir(listing.get()) : nullptr) {
        struct stat info = {};
        if (std::strcmp(item->d_name, ".") == 0 || std::strcmp(item->d_name, "..") == 0 ||
            ::fstatat(folder, item->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        ++size.files;
        size.bytes += static_cast<std::uint64_t>(info.st_blocks) * 512;
        if (size.files > m_files || depth > 200)
            return;
        if (S_ISDIR(info.st_mode))
            if (const UniqueFd inner(::openat(folder, item->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)); inner)
                walk(inner.get(), depth + 1, size);
    }
}

std::optional<execution::LimitBreach> DiskWatch::check()
{
    struct statvfs info = {};
    const auto now = Time::now();
    if (m_layer < 0 || now < m_nextWalk || ::fstatvfs(m_layer, &info) != 0)
        return std::nullopt;
    const Size freeNow = {info.f_bfree * info.f_frsize, info.f_ffree};
    const bool first = m_nextWalk == Time::time_point();
    const auto lost = [](std::uint64_t then, std::uint64_t left) { return then > left ? then - left : 0; };
    const bool couldHave =
        m_known.bytes + lost(m_freeThen.bytes, freeNow.bytes) > m_bytes || m_known.files + lost(m_freeThen.files, freeNow.files) > m_files;
    if (!first && !couldHave)
        return std::nullopt;
    m_freeThen = freeNow;
    m_known = {};
    walk(m_layer, 0, m_known);
    m_nextWalk = now + std::chrono::milliseconds(1) + 10 * (Time::now() - now); // at most a tenth of the time is spent looking
    const auto breach = [](std::uint64_t value, std::uint64_t maximum) {
        return execution::LimitBreach{execution::Limit::Disk, static_cast<std::int64_t>(value), static_cast<std::int64_t>(maximum)};
    };
    if (m_known.bytes > m_bytes)
        return breach(m_known.bytes, m_bytes);
    if (m_known.files > m_files)
        return breach(m_known.files, m_files);
    return std::nullopt;
}

} // namespace gatehouse::host
