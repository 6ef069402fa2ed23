#include "sandbox/host/diskwatch.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "sandbox/host/upperfolder.h"

namespace gatehouse::host {

using Time = std::chrono::steady_clock;

// Deeper, a folder per level would be too many descriptors.
static constexpr int maximumDepth = 300;
static constexpr int maximumIncomplete = 3;

void DiskWatch::walk(int folder, int depth, Size& size) const
{
    const auto names = namesIn(folder, {});
    if (!names || depth > maximumDepth) {
        size.complete = false;
        return;
    }
    for (const std::string& name : *names) {
        struct stat info = {};
        if (::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
            size.complete = size.complete && errno == ENOENT;
            continue;
        }
        ++size.files;
        size.bytes += static_cast<std::uint64_t>(info.st_blocks) * 512;
        if (size.files > m_files)
            return;
        if (!S_ISDIR(info.st_mode))
            continue;
        if (const UpperFolder inner = UpperFolder::open(folder, name.c_str()); inner)
            walk(inner.get(), depth + 1, size);
        else
            size.complete = size.complete && errno == ENOENT;
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
    if (!first && !couldHave && m_incomplete == 0)
        return std::nullopt;
    m_freeThen = freeNow;
    m_known = {};
    walk(m_layer, 0, m_known);
    m_incomplete = m_known.complete ? 0 : m_incomplete + 1;
    m_nextWalk = now + std::chrono::milliseconds(1) + 10 * (Time::now() - now); // at most a tenth of the time is spent looking
    const auto breach = [](std::uint64_t value, std::uint64_t maximum) {
        return execution::LimitBreach{execution::Limit::Disk, static_cast<std::int64_t>(value), static_cast<std::int64_t>(maximum)};
    };
    if (m_known.bytes > m_bytes)
        return breach(m_known.bytes, m_bytes);
    if (m_known.files > m_files)
        return breach(m_known.files, m_files);
    if (m_incomplete >= maximumIncomplete)
        return breach(m_files + 1, m_files);
    return std::nullopt;
}

} // namespace gatehouse::host
