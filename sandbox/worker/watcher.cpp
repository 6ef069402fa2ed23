#include "sandbox/worker/watcher.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <vector>

#include "core/foundation/uniquefd.h"

namespace gatehouse::worker {

static const std::uint64_t pageSize = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));

// A small file of proc, whole; empty when it can't be read.
static std::string readProc(int proc, const std::string& name)
{
    const UniqueFd fd(::openat(proc, name.c_str(), O_RDONLY | O_CLOEXEC));
    char buffer[4096];
    const ssize_t got = fd ? ::read(fd.get(), buffer, sizeof buffer) : -1;
    return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
}

// The number behind a key such as "Pss:", in bytes.
static std::uint64_t kilobytes(const std::string& text, const char* key)
{
    const std::size_t at = text.find(key);
    return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + std::strlen(key), nullptr, 10) * 1024;
}

// Processes but our own, which is PID 1.
static std::vector<std::string> processes(int proc)
{
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(::openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), ::closedir);
    while (const dirent* entry = listing ? ::readdir(listing.get()) : nullptr)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && std::strcmp(entry->d_name, "1") != 0)
            names.emplace_back(entry->d_name);
    return names;
}

struct Resident {
    std::uint64_t all = 0;
    std::uint64_t unshared = 0;
};

static Resident residentSize(int proc, const std::string& process)
{
    unsigned long long size = 0;
    unsigned long long resident = 0;
    unsigned long long shared = 0;
    const std::string text = readProc(proc, process + "/statm");
    if (std::sscanf(text.c_str(), "%llu %llu %llu", &size, &resident, &shared) != 3)
        return {};
    return {resident * pageSize, (resident - std::min(shared, resident)) * pageSize};
}

static std::uint64_t exactSize(int proc, const std::string& process)
{
    const std::string text = readProc(proc, process + "/smaps_rollup");
    return text.empty() ? residentSize(proc, process).unshared : kilobytes(text, "\nPss:");
}

static std::uint64_t threads(int proc, const std::string& process)
{
    struct stat info = {};
    if (::fstatat(proc, (process + "/task").c_str(), &info, 0) != 0 || info.st_nlink < 2)
        return 0;
    return info.st_nlink - 2;
}

static std::uint64_t sharedMemory()
{
    shm_info info = {};
    if (::shmctl(0, SHM_INFO, reinterpret_cast<shmid_ds*>(&info)) < 0)
        return 0;
    return (info.shm_rss + info.shm_swp) * pageSize;
}

static std::uint64_t temporaryFiles()
{
    std::uint64_t used = 0;
    for (const char* place : {"/tmp", "/dev/shm", "/home/agent"}) {
        struct statvfs info = {};
        if (::statvfs(place, &info) == 0)
            used += (info.f_blocks - info.f_bfree) * info.f_frsize;
    }
    return used;
}

Usage measureUsage(int proc, std::uint64_t enough)
{
    Usage usage;
    const std::vector<std::string> all = processes(proc);
    const std::uint64_t elsewhere = sharedMemory() + temporaryFiles();
    usage.memory = elsewhere;
    for (const std::string& process : all) {
        usage.memory += residentSize(proc, process).all;
        usage.processes += threads(proc, process);
    }
    usage.processes -= std::min<std::uint64_t>(usage.processes, 1); // the session's PID 1
    if (usage.memory <= enough)
        return usage;
    usage.memory = elsewhere;
    for (const std::string& process : all)
        usage.memory += exactSize(proc, process);
    return usage;
}

bool hostMemoryIsShort(int proc)
{
    const std::string text = readProc(proc, "meminfo");
    const std::uint64_t total = kilobytes(text, "MemTotal:");
    return total > 0 && kilobytes(text, "MemAvailable:") < std::max<std::uint64_t>(64ull << 20, total / 50);
}

} // namespace gatehouse::worker
