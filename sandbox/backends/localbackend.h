// The local backend: sandboxes on this machine, made by our own launcher process.
//
// The launcher (gatehouse-worker --launcher) is a separate, single-threaded process that holds no secret; start() runs it.
// Call start() first thing in a program, before any key is read into memory or the environment; open() and probe()
// start it otherwise. The backend must outlive its sessions. Any thread.
#pragma once

#include "core/execution/sandbox.h"
#include "core/foundation/result.h"

#include <memory>
#include <string>

namespace gatehouse::backends {

struct LocalOptions {
    std::string worker;          // gatehouse-worker; empty: beside the running program, else ../lib/gatehouse/
    std::string temporaryFolder; // where private state folders are made; empty: $TMPDIR, else /var/tmp
};

class LocalBackend : public execution::SandboxBackend {
public:
    // Starts the launcher. Idempotent; ErrorCode::Setup when the worker can't be found or run.
    [[nodiscard]] virtual Result<void> start() = 0;
};

[[nodiscard]] std::unique_ptr<LocalBackend> makeLocalBackend(LocalOptions options = {});

} // namespace gatehouse::backends
