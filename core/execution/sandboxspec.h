// What a sandbox is to be. Its own type: a workflow's profile document is turned into it by the engine. Values.
#pragma once

#include "core/execution/execrequest.h"
#include "core/execution/isolation.h"
#include "core/execution/limits.h"

#include <string>
#include <vector>

namespace gatehouse::execution {

enum class WorkspaceAccess {
    None,     // an empty, private /workspace
    ReadOnly, // the folder, read-only
    Overlay,  // the folder below, changes in a private layer above: the folder itself is never written
};

struct SandboxSpec {
    WorkspaceAccess access = WorkspaceAccess::Overlay;
    std::string workspace;         // host folder presented at /workspace; empty: an empty one
    std::string state;             // existing private host folder (0700) for the upper layer; empty: a temporary one, removed at close
    std::string tools;             // host folder presented read-only at /opt/tools; empty: none
    std::vector<std::string> read; // more host paths, presented read-only at the same place ("/usr" always is)
    Environment environment;       // the whole of it, beside PATH, HOME, TMPDIR and LANG which the backend sets
    ResourceLimits limits;
    std::vector<Layer> require; // a missing one refuses the sandbox (ErrorCode::Setup)
};

} // namespace gatehouse::execution
