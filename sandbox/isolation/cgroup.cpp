#include "sandbox/isolation/cgroup.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/foundation/beneath.h"
#include "core/foundation/listing.h"
#include "sandbox/isolation/step.h"

namespace gatehouse::isolation {

static constexpr char mountPoint[] = "/sys/fs/cgroup/";

static Result<void> writeControl(const std::string& path, const std::string& value)
{
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd || ::write(fd.get(), value.data(), value.size()) != static_cast<ssize_t>(value.size()))
        return stepFailed("write a cgroup control", path, errno);
    return {};
}

static std::string readControl(const std::string& path)
{
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd)
        return {};
    auto text = readAll(fd.get(), path, 65536);
    return text ? *text : std::string();
}

static bool exists(const std::string& path)
{
    return ::access(path.c_str(), F_OK) == 0;
}

// The line of /proc/self/cgroup whose middle field is controller ("" for version 2), as a folder; the hierarchy's root
// where our own group is not visible (a container's view).
static std::optional<std::string> ownFolder(const std::string& controller, const std::string& hierarchy)
{
    const std::string text = '\n' + readControl("/proc/self/cgroup");
    const std::string key = ":" + controller + ":";
    const std::size_t at = text.find(key);
    const std::string root = mountPoint + hierarchy;
    if (at == std::string::npos || !exists(root))
        return std::nullopt;
    const std::size_t from = at + key.size();
    const std::string folder = root + text.substr(from, text.find('\n', from) - from);
    return exists(folder) ? folder : root;
}

Cgroup::~Cgroup()
{
    for (const std::string& folder : m_folders)
        for (int attempt = 0; attempt < 20 && ::rmdir(folder.c_str()) != 0 && errno == EBUSY; ++attempt)
            ::usleep(1000); // the last process has just gone; its accounting follows within a tick
}

Result<std::string> Cgroup::makeFolder(const std::string& parent, const std::string& name)
{
    std::string folder = parent + '/' + name;
    if (::mkdir(folder.c_str(), 0700) != 0)
        return stepFailed("make a cgroup", folder, errno);
    m_folders.push_back(folder);
    return folder;
}

static std::string quotaOf(std::uint64_t cpuMilli)
{
    return std::to_string(std::max<std::uint64_t>(1000, cpuMilli * 100));
}

Result<void> Cgroup::createV1(const std::string& name, const CgroupLimits& limits)
{
    const auto memory = ownFolder("memory", "memory");
    const auto processes = ownFolder("pids", "pids");
    if (!memory || !processes)
        return stepFailed("find the memory and pids cgroups", {}, ENOENT);
    GH_ASSIGN(m_memory, makeFolder(*memory, name));
    GH_TRY(writeControl(m_memory + "/memory.limit_in_bytes", std::to_string(limits.memory)));
    // Swap is no way round; absent where the kernel counts no swap.
    if (exists(m_memory + "/memory.memsw.limit_in_bytes"))
        GH_TRY(writeControl(m_memory + "/memory.memsw.limit_in_bytes", std::to_string(limits.memory)));
    // Buffers of network sockets have a figure of their own here, kept only where it has a limit, which it passes all the same.
    if (exists(m_memory + "/memory.kmem.tcp.limit_in_bytes"))
        GH_TRY(writeControl(m_memory + "/memory.kmem.tcp.limit_in_bytes", std::to_string(limits.memory)));
    GH_ASSIGN(m_processes, makeFolder(*processes, name));
    GH_TRY(writeControl(m_processes + "/pids.max", std::to_string(limits.processes)));
    if (const auto cpu = ownFolder("cpu", "cpu"); cpu && limits.cpuMilli > 0) {
        GH_ASSIGN(const std::string folder, makeFolder(*cpu, name));
        GH_TRY(writeControl(folder + "/cpu.cfs_quota_us", quotaOf(limits.cpuMilli)));
    }
    m_kind = Kind::V1;
    return {};
}

Result<void> Cgroup::createV2(const std::string& name, const CgroupLimits& limits)
{
    // Beneath the root: a group with processes of its own, such as ours, can't hand controllers down.
    const std::string root = "/sys/fs/cgroup";
    const std::string controllers = readControl(root + "/cgroup.subtree_control");
    if (controllers.find("memory") == std::string::npos || controllers.find("pids") == std::string::npos)
        return stepFailed("find the memory and pids controllers", root, ENOENT);
    GH_ASSIGN(m_memory, makeFolder(root, name));
    m_processes = m_memory;
    GH_TRY(writeControl(m_memory + "/memory.max", std::to_string(limits.memory)));
    if (exists(m_memory + "/memory.swap.max"))
        GH_TRY(writeControl(m_memory + "/memory.swap.max", "0"));
    GH_TRY(writeControl(m_processes + "/pids.max", std::to_string(limits.processes)));
    if (limits.cpuMilli > 0 && exists(m_memory + "/cpu.max"))
        GH_TRY(writeControl(m_memory + "/cpu.max", quotaOf(limits.cpuMilli) + " 100000"));
    m_kind = Kind::V2;
    return {};
}

Result<Cgroup> Cgroup::create(const std::string& name, const CgroupLimits& limits)
{
    Cgroup group;
    GH_TRY(exists("/sys/fs/cgroup/cgroup.controllers") ? group.createV2(name, limits) : group.createV1(name, limits));
    return group;
}

Result<void> Cgroup::add(pid_t process) const
{
    for (const std::string& folder : m_folders)
        GH_TRY(writeControl(folder + "/cgroup.procs", std::to_string(process)));
    return {};
}

// Of lines of "name value"; the bare figure of a file with one.
static std::uint64_t figure(const std::string& text, const std::string& name = {})
{
    const std::string lines = '\n' + text;
    const std::size_t at = name.empty() ? 0 : lines.find('\n' + name + ' ');
    return at == std::string::npos ? 0 : std::strtoull(lines.c_str() + at + 1 + (name.empty() ? 0 : name.size() + 1), nullptr, 10);
}

// Version 1's "oom_kill" also counts whom the host's own shortage killed, so the limit must have been met as well.
std::uint64_t Cgroup::memoryKillPeak() const
{
    if (m_kind == Kind::V2) {
        const bool killed = figure(readControl(m_memory + "/memory.events"), "oom") > 0;
        return killed ? std::max<std::uint64_t>(1, figure(readControl(m_memory + "/memory.peak"))) : 0;
    }
    if (m_kind != Kind::V1 || figure(readControl(m_memory + "/memory.oom_control"), "oom_kill") == 0)
        return 0;
    // Processors hold small shares in advance, so the figure may stay a little below.
    constexpr std::uint64_t slack = 1 << 20;
    const std::uint64_t peak = figure(readControl(m_memory + "/memory.max_usage_in_bytes"));
    return peak + slack >= figure(readControl(m_memory + "/memory.limit_in_bytes")) ? peak : 0;
}

static UniqueFd openControl(const std::string& path)
{
    return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

Result<CgroupWatch> Cgroup::watch() const
{
    CgroupWatch watch;
    watch.processEvents = openControl(m_processes + "/pids.events");
    if (m_kind == Kind::V2) {
        watch.memoryEvents = openControl(m_memory + "/memory.events");
        watch.memoryEventsAreText = true;
        watch.memoryUsage = openControl(m_memory + "/memory.peak");
        if (!watch.memoryEvents || !watch.processEvents)
            return stepFailed("watch for out of memory", m_memory, errno);
        return watch;
    }
    watch.memoryUsage = openControl(m_memory + "/memory.max_usage_in_bytes");
    watch.socketUsage = openControl(m_memory + "/memory.kmem.tcp.usage_in_bytes");
    watch.memoryEvents = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    const UniqueFd oom = openControl(m_memory + "/memory.oom_control");
    if (!oom || !watch.memoryEvents)
        return stepFailed("watch for out of memory", m_memory, errno);
    GH_TRY(writeControl(m_memory + "/cgroup.event_control", std::to_string(watch.memoryEvents.get()) + ' ' + std::to_string(oom.get())));
    return watch;
}

static void sweepFolder(const std::string& folder, const std::string& prefix)
{
    Listing listing(folder.c_str());
    while (const dirent* entry = listing.next()) {
        const std::string name = entry->d_name;
        if (!name.starts_with(prefix))
            continue;
        const int owner = std::atoi(name.c_str() + prefix.size());
        if (owner > 0 && ::kill(owner, 0) != 0 && errno == ESRCH)
            ::rmdir((folder + '/' + name).c_str());
    }
}

void Cgroup::sweep(const std::string& prefix)
{
    if (exists("/sys/fs/cgroup/cgroup.controllers"))
        return sweepFolder("/sys/fs/cgroup", prefix);
    for (const char* controller : {"memory", "pids", "cpu"})
        if (const auto folder = ownFolder(controller, controller))
            sweepFolder(*folder, prefix);
}

} // namespace gatehouse::isolation
