// The wall's two sides: a backend makes sandboxes, a session is one of them.
//
// Every method may be called from any thread and blocks its caller until done or cancelled; the engine calls them
// from threads of its own, never from its event loop. The session is the caller's; destroying it kills everything in it.
#pragma once

#include "core/execution/execrequest.h"
#include "core/execution/isolation.h"
#include "core/execution/sandboxspec.h"
#include "core/execution/workspacereader.h"
#include "core/foundation/cancel.h"
#include "core/foundation/result.h"

#include <memory>
#include <vector>

namespace gatehouse::execution {

class SandboxSession {
public:
    virtual ~SandboxSession() = default;
    // The layers that hold for this very sandbox.
    [[nodiscard]] virtual const IsolationReport& isolation() const = 0;
    [[nodiscard]] virtual const WorkspaceReader& workspace() const = 0;
    // Runs one command to its end. A command that fails, hits a limit or is cancelled is an outcome;
    // an error means that the sandbox itself failed (ErrorCode::Worker, ErrorCode::Setup), or that a limit ended it
    // (ErrorCode::Limit), and is gone.
    // observer may be null.
    [[nodiscard]] virtual Result<ExecOutcome> exec(const ExecRequest& request, ExecObserver* observer, const CancelToken& cancel) = 0;
    // All files or none, as the sandbox's own user. A file that is not as expected fails the whole (ErrorCode::InvalidInput).
    [[nodiscard]] virtual Result<ChangeSet> commitFiles(const std::vector<FileCommit>& files) = 0;
    // Ends every process in it. Idempotent.
    virtual void close() = 0;
};

class SandboxBackend {
public:
    virtual ~SandboxBackend() = default;
    // Measures this host by making a sandbox and trying it: nothing is guessed.
    [[nodiscard]] virtual Result<IsolationReport> probe() = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<SandboxSession>> open(const SandboxSpec& spec, const CancelToken& cancel) = 0;
};

} // namespace gatehouse::execution
