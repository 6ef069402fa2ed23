#include "sandbox/worker/sharedmappings.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unistd.h>

#include "core/foundation/listing.h"
#include "core/foundation/uniquefd.h"

namespace gatehouse::worker {

namespace {

using Time = std::chrono::steady_clock;

// An announced mapping may not be made yet: its thread runs on only after the announcement.
constexpr std::chrono::milliseconds young{50};
// More than any program has at once; then it is looked which are left, whatever they sum up to.
constexpr std::size_t many = 4096;

using Files = std::set<unsigned long long>;

void noteLine(const char* line, Files& files)
{
    unsigned long long inode = 0;
    char path[32] = {};
    if (std::sscanf(line, "%*s %*s %*s %*s %llu %31s", &inode, path) == 2 && std::string(path) == "/dev/zero")
        files.insert(inode);
}

using Stream = std::unique_ptr<FILE, int (*)(FILE*)>;

// False when a process that has a memory doesn't let itself be read.
bool noteProcess(int proc, const std::string& folder, Files& files)
{
    const int fd = ::openat(proc, (folder + "/maps").c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ESRCH;
    const Stream maps(::fdopen(fd, "re"), std::fclose);
    char line[4352];
    while (maps && std::fgets(line, sizeof line, maps.get()) != nullptr)
        noteLine(line, files);
    return true;
}

bool noteThreads(int proc, const std::string& process, Files& files)
{
    const std::string tasks = process + "/task";
    Listing listing(proc, tasks.c_str());
    bool all = true;
    // Two suffice to get past a first thread that has ended; processes are many-threaded, mappings the same for all.
    int readers = 0;
    for (const dirent* entry = nullptr; readers < 2 && (entry = listing.next()) != nullptr; ++readers)
        all = noteProcess(proc, tasks + '/' + entry->d_name, files) && all;
    return all;
}

std::optional<std::uint64_t> countLiving(int proc, pid_t keeper)
{
    Files files;
    bool all = true;
    Listing listing(proc, ".");
    while (const dirent* entry = listing.next())
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && std::atoi(entry->d_name) > 1 && std::atoi(entry->d_name) != keeper)
            all = noteThreads(proc, entry->d_name, files) && all;
    return listing && all ? std::optional<std::uint64_t>(files.size()) : std::nullopt;
}

} // namespace

void SharedMappings::announce(std::uint64_t bytes)
{
    m_mappings.push_back({bytes, Time::now()});
    m_total += bytes;
}

// Which of them live isn't known, only how many: no choice of that many is larger than the largest.
void SharedMappings::forgetAllBut(std::uint64_t living)
{
    const auto limit = Time::now() - young;
    const auto old = std::partition(m_mappings.begin(), m_mappings.end(), [limit](const Mapping& m) { return m.since > limit; });
    std::sort(old, m_mappings.end(), [](const Mapping& a, const Mapping& b) { return a.bytes > b.bytes; });
    if (static_cast<std::uint64_t>(m_mappings.end() - old) > living)
        m_mappings.erase(old + static_cast<std::ptrdiff_t>(living), m_mappings.end());
    m_total = 0;
    for (const Mapping& mapping : m_mappings)
        m_total += mapping.bytes;
}

std::uint64_t SharedMappings::bytes(int proc, std::uint64_t room)
{
    if (m_total > room || m_mappings.size() > many)
        if (const auto living = countLiving(proc, m_keeper))
            forgetAllBut(*living);
    return m_total;
}

} // namespace gatehouse::worker
