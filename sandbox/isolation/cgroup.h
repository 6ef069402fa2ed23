// One cgroup per sandbox, made by a launcher that runs as root: memory, processes, processor. Version 1 hierarchies, or version 2
// where it has the controllers. (v2 was not tried on a machine that has them; whatever it can't do is reported as missing.)
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace gatehouse::isolation {

struct CgroupLimits {
    std::uint64_t memory = 0;
    std::uint64_t processes = 0;
    std::uint64_t cpuMilli = 0; // thousandths of a core
};

// What the worker watches, by descriptors that it inherits; it can write to none of the limits through them.
struct CgroupWatch {
    // v1: an eventfd, readable after an out-of-memory. v2: memory.events, which is always readable and whose figures only grow,
    // so they are compared with those at a call's start.
    UniqueFd memoryEvents;
    bool memoryEventsAreText = false;
    UniqueFd memoryUsage;   // v1: memory.max_usage_in_bytes; v2: memory.peak
    UniqueFd processEvents; // pids.events, POLLPRI; "max N"
    UniqueFd socketUsage;   // v1: memory.kmem.tcp.usage_in_bytes; v2 counts them as memory
};

class Cgroup {
public:
    enum class Kind { None, V1, V2 };

    Cgroup() = default;
    Cgroup(Cgroup&&) = default;
    Cgroup& operator=(Cgroup&&) = default;
    // The folders must be empty of processes by then.
    ~Cgroup();

    [[nodiscard]] static Result<Cgroup> create(const std::string& name, const CgroupLimits& limits);
    [[nodiscard]] Result<void> add(pid_t process) const;
    [[nodiscard]] Result<CgroupWatch> watch() const;
    [[nodiscard]] Kind kind() const { return m_kind; }
    // The most memory that was in use, if something was killed because the limit was reached; 0: nothing was.
    [[nodiscard]] std::uint64_t memoryKillPeak() const;

    // Removes what a launcher that was killed left behind: empty folders whose name begins so and whose process is gone.
    static void sweep(const std::string& prefix);

private:
    [[nodiscard]] Result<void> createV1(const std::string& name, const CgroupLimits& limits);
    [[nodiscard]] Result<void> createV2(const std::string& name, const CgroupLimits& limits);
    [[nodiscard]] Result<std::string> makeFolder(const std::string& parent, const std::string& name);

    Kind m_kind = Kind::None;
    std::string m_memory;
    std::string m_processes;
    std::vector<std::string> m_folders;
};

} // namespace gatehouse::isolation
