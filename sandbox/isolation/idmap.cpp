#include "sandbox/isolation/idmap.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sched.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/isolation/process.h"
#include "sandbox/isolation/step.h"

namespace gatehouse::isolation {

static Result<void> writeProcFile(pid_t process, const char* name, const std::string& text)
{
    const std::string path = "/proc/" + std::to_string(process) + "/" + name;
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    // One write: the kernel takes a map once and whole.
    if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        return stepFailed("write the map of a user namespace", name, errno);
    return {};
}

static std::string linesOf(const std::vector<IdLine>& lines)
{
    std::string text;
    for (const IdLine& line : lines)
        text += std::to_string(line.inside) + ' ' + std::to_string(line.outside) + " 1\n";
    return text;
}

Result<void> writeMaps(pid_t process, const IdMaps& maps)
{
    GH_TRY(writeProcFile(process, "setgroups", "deny"));
    GH_TRY(writeProcFile(process, "uid_map", linesOf(maps.users)));
    return writeProcFile(process, "gid_map", linesOf(maps.groups));
}

static Result<UniqueFd> describedBy(pid_t helper, const IdMaps& maps)
{
    GH_TRY(writeMaps(helper, maps));
    const std::string path = "/proc/" + std::to_string(helper) + "/ns/user";
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd)
        return stepFailed("open a user namespace", path, errno);
    return fd;
}

Result<UniqueFd> makeMapNamespace(const IdMaps& maps)
{
    GH_ASSIGN(const ClonedProcess helper, cloneProcess(CLONE_NEWUSER, SIGCHLD));
    if (helper.pid == 0)
        for (;;)
            ::pause();
    auto fd = describedBy(helper.pid, maps);
    ::kill(helper.pid, SIGKILL);
    ::waitpid(helper.pid, nullptr, 0);
    return fd;
}

// The highest id of this user namespace's own map.
static std::uint64_t endOfMap()
{
    std::FILE* file = std::fopen("/proc/self/uid_map", "re");
    if (file == nullptr)
        return 0;
    unsigned long long inside = 0;
    unsigned long long outside = 0;
    unsigned long long length = 0;
    std::uint64_t end = 0;
    while (std::fscanf(file, "%llu %llu %llu", &inside, &outside, &length) == 3)
        end = std::max<std::uint64_t>(end, inside + length);
    std::fclose(file);
    return end;
}

std::optional<std::uint32_t> unusedHostIds(std::uint32_t count)
{
    // Past every range that systems hand out (65,000 collides with systemd's dynamic users), below 2^31. Random, so that two
    // programs' sandboxes do not share an id, and with it each other's limits.
    constexpr std::uint64_t first = 1'900'000'000;
    constexpr std::uint64_t slots = 4'000'000;
    std::uint32_t random = 0;
    if (::getrandom(&random, sizeof random, 0) != sizeof random)
        return std::nullopt;
    const std::uint64_t end = endOfMap();
    if (end >= first + slots * 40 + count)
        return static_cast<std::uint32_t>(first + (random % slots) * 40);
    if (end > 60000ull + count)
        return static_cast<std::uint32_t>(end - count);
    return std::nullopt;
}

} // namespace gatehouse::isolation
