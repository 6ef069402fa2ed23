#include "sandbox/worker/processusage.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <optional>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "core/foundation/listing.h"
#include "core/foundation/uniquefd.h"

namespace gatehouse::worker {

std::string readProc(int proc, const std::string& name)
{
    const UniqueFd fd(::openat(proc, name.c_str(), O_RDONLY | O_CLOEXEC));
    char buffer[8192];
    std::string text;
    for (ssize_t got = 0; fd && (got = ::read(fd.get(), buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(got));
    return text;
}

std::uint64_t kilobytes(const std::string& text, const char* key)
{
    const std::size_t at = text.find(key);
    return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + std::strlen(key), nullptr, 10) * 1024;
}

namespace {

struct Process {
    std::string folder; // of a thread that still has the memory
    pid_t thread = 0;
    std::uint64_t anonymous = 0;
    std::uint64_t always = 0; // page tables, huge pages: nothing that is shared
    std::uint64_t tasks = 0;
};

template <typename F> void forEachNumber(int folder, const char* name, F visit)
{
    Listing listing(folder, name);
    while (const dirent* entry = listing.next())
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && !visit(entry->d_name))
            return;
}

constexpr char anonymousKey[] = "\nRssAnon:";

void readMemory(Process& process, const std::string& status)
{
    process.anonymous = kilobytes(status, anonymousKey) + kilobytes(status, "\nVmSwap:");
    process.always = kilobytes(status, "\nVmPTE:") + kilobytes(status, "\nHugetlbPages:");
}

// The first thread may have ended and left its memory to the others.
void readOtherThreads(int proc, Process& process)
{
    const std::string tasks = process.folder + "/task";
    forEachNumber(proc, tasks.c_str(), [&](const char* name) {
        const std::string folder = tasks + '/' + name;
        const std::string status = readProc(proc, folder + "/status");
        if (status.find(anonymousKey) == std::string::npos)
            return true;
        process.folder = folder;
        process.thread = std::atoi(name);
        readMemory(process, status);
        return false;
    });
}

std::optional<Process> readProcess(int proc, const char* name)
{
    const std::string status = readProc(proc, std::string(name) + "/status");
    if (status.empty())
        return std::nullopt;
    Process process;
    process.folder = name;
    process.thread = std::atoi(name);
    process.tasks = kilobytes(status, "\nThreads:") / 1024;
    if (status.find(anonymousKey) != std::string::npos)
        readMemory(process, status);
    else if (process.tasks > 1)
        readOtherThreads(proc, process);
    return process;
}

// Without a rollup the process, or the thread that stood for it, may have ended since the rough look, whose figure would count
// memory that is gone; what is left of it is looked at again.
std::uint64_t exactMemoryOf(int proc, const Process& process)
{
    if (const std::string text = readProc(proc, process.folder + "/smaps_rollup"); !text.empty())
        return kilobytes(text, "\nPss_Anon:") + kilobytes(text, "\nSwapPss:") + process.always;
    const auto now = readProcess(proc, process.folder.substr(0, process.folder.find('/')).c_str());
    return now ? now->anonymous + now->always : 0;
}

// Between vfork and exec two processes are one memory, which both would report whole.
bool sameMemory(const Process& one, const Process& other)
{
    return ::syscall(SYS_kcmp, one.thread, other.thread, KCMP_VM, 0, 0) == 0;
}

std::uint64_t exactMemory(int proc, const std::vector<Process>& all, std::uint64_t enough)
{
    std::uint64_t memory = 0;
    std::vector<const Process*> large;
    for (const Process& process : all) {
        bool known = false;
        if (process.anonymous > enough / 16) {
            for (const Process* other : large)
                known = known || sameMemory(process, *other);
            large.push_back(&process);
        }
        if (!known)
            memory += exactMemoryOf(proc, process);
    }
    return memory;
}

} // namespace

ProcessUsage measureProcesses(int proc, std::uint64_t enough)
{
    ProcessUsage usage;
    std::vector<Process> all;
    forEachNumber(proc, ".", [&](const char* name) {
        auto process = std::strcmp(name, "1") != 0 ? readProcess(proc, name) : std::nullopt;
        if (process) {
            usage.memory += process->anonymous + process->always;
            usage.tasks += process->tasks;
            all.push_back(std::move(*process));
        }
        return true;
    });
    if (usage.memory > enough)
        usage.memory = exactMemory(proc, all, enough);
    return usage;
}

std::uint64_t countTasks(int proc)
{
    std::uint64_t tasks = 0;
    forEachNumber(proc, ".", [&](const char* name) {
        char path[32];
        struct stat info = {};
        std::snprintf(path, sizeof path, "%.16s/task", name);
        if (std::strcmp(name, "1") != 0 && ::fstatat(proc, path, &info, 0) == 0 && info.st_nlink > 2)
            tasks += info.st_nlink - 2;
        return true;
    });
    return tasks;
}

} // namespace gatehouse::worker
