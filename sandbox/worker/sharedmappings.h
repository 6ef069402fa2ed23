// Anonymous memory that is shared: a hidden file behind each mapping, which nothing lists and which keeps all its pages as long
// as any part of it is mapped anywhere, resident there or not. So each is announced when it is made (seccomp.h) and counts with
// its whole size until no process can have it any more.
#pragma once

#include <chrono>
#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace gatehouse::worker {

class SharedMappings {
public:
    // A process of ours, which has none and lets nobody look.
    void setKeeper(pid_t keeper) { m_keeper = keeper; }
    void announce(std::uint64_t bytes);
    // An upper bound. Only when it is above room is it looked which are still there.
    [[nodiscard]] std::uint64_t bytes(int proc, std::uint64_t room);

private:
    struct Mapping {
        std::uint64_t bytes = 0;
        std::chrono::steady_clock::time_point since;
    };
    void forgetAllBut(std::uint64_t living);

    std::vector<Mapping> m_mappings;
    std::uint64_t m_total = 0;
    pid_t m_keeper = 0;
};

} // namespace gatehouse::worker
