// Making one sandbox, in the launcher: sources opened, ids chosen, namespaces cloned, maps and cgroup written; the worker
// then builds its view and says that it is ready. The order of calls is the security; docs/architecture.md says why.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"
#include "sandbox/isolation/cgroup.h"
#include "sandbox/protocol/launchmessages.h"

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace gatehouse::worker {

inline constexpr char cgroupPrefix[] = "gatehouse-";

// A sandbox that exists. Dropping it kills everything in it and removes what it left on the host.
struct Sandbox {
    pid_t pid = 0; // 0: ended
    UniqueFd handle;
    isolation::Cgroup cgroup;
    std::string temporary;        // our private state folder, removed at the end; empty: the caller's own
    UniqueFd lock;                // on it: it is in use (statefolder.h)
    std::uint64_t memoryPeak = 0; // of its cgroup when it ended, see Cgroup::memoryKillPeak

    Sandbox() = default;
    Sandbox(Sandbox&& other) noexcept;
    Sandbox& operator=(Sandbox&& other) noexcept;
    ~Sandbox();
    // Kills, waits until all of it is gone, removes the cgroup.
    void end();
};

struct Creation {
    Sandbox sandbox;
    protocol::SandboxCreated answer;
    UniqueFd channel;   // the host's end
    UniqueFd layer;     // folder with "upper"; none for a read-only workspace
    UniqueFd workspace; // the folder below; none for an empty one
};

[[nodiscard]] Result<Creation> createSandbox(const protocol::CreateSandbox& request, std::uint64_t id);

} // namespace gatehouse::worker
