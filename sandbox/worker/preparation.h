// What the launcher makes ready for one sandbox before any process exists: sources opened, ids chosen, layers made.
#pragma once

#include "sandbox/isolation/idmap.h"
#include "sandbox/isolation/view.h"
#include "sandbox/worker/creation.h"

#include <cstdint>
#include <unistd.h>

namespace gatehouse::worker {

// The state of one creation, in the launcher and, cloned, in the worker.
struct Maker {
    Maker(const protocol::CreateSandbox& wanted, std::uint64_t number) : request(wanted), id(number) { }
    const protocol::CreateSandbox& request;
    std::uint64_t id;
    bool root = ::geteuid() == 0;
    std::uint32_t hostId = ::geteuid(); // as whom the sandbox runs
    std::uint32_t hostGroup = ::getegid();
    isolation::IdMaps maps;      // of the sandbox
    isolation::IdMaps ownerMaps; // of the workspace's owners, for root
    isolation::ViewPlan view;
    Creation made;
    UniqueFd workerChannel;
    isolation::CgroupWatch watch;

    [[nodiscard]] isolation::CloneWhen when() const { return root ? isolation::CloneWhen::Now : isolation::CloneWhen::InWorker; }
};

[[nodiscard]] Result<void> prepareView(Maker& maker);

} // namespace gatehouse::worker
