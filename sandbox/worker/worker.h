// The worker: PID 1 of a sandbox. One thread, one poll loop, one request at a time.
//
// It builds its view, gives up every privilege but two of its own user namespace (capabilities.h),
// and from then on starts sessions and commits files as the host asks. It parses nothing that a command wrote.
#pragma once

#include "core/foundation/uniquefd.h"
#include "sandbox/isolation/cgroup.h"
#include "sandbox/isolation/view.h"
#include "sandbox/protocol/launchmessages.h"

#include <cstdint>
#include <linux/filter.h>
#include <vector>

namespace gatehouse::worker {

// What the launcher hands over; descriptors are moved to their fixed places here.
struct WorkerStart {
    isolation::ViewPlan& view;
    const protocol::LaunchLimits& limits;
    int channel = -1;
    int outcome = -1; // takes one WorkerOutcome
    isolation::CgroupWatch& watch;
    int lock = -1; // of the private state folder, held as long as the worker lives; -1: none
};

// From the worker to the launcher, once, before any hostile code exists.
struct WorkerOutcome {
    bool ready = false;
    std::int32_t error = 0;
    char step[96] = {};
    char path[512] = {};
};

// What a ready worker knows; the same for all its sessions.
struct WorkerState {
    int channel = -1;
    int memoryEvents = -1; // those of CgroupWatch; -1 without a cgroup
    bool memoryEventsAreText = false;
    int memoryUsage = -1;
    int processEvents = -1;
    int socketUsage = -1;
    int proc = -1; // /proc of the sandbox's outer pid namespace
    protocol::LaunchLimits limits;
    std::vector<sock_filter> filter;       // of commands
    std::vector<sock_filter> keeperFilter; // of a session's first process
    [[nodiscard]] bool hasCgroup() const { return memoryEvents >= 0; }
};

// Never returns: the worker ends with its channel.
[[noreturn]] void runWorker(WorkerStart& start);

} // namespace gatehouse::worker
