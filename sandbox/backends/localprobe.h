// What holds in a local sandbox: measured in a throw-away one, each attempt beside the same attempt made outside.
#pragma once

#include "core/execution/isolation.h"
#include "core/foundation/result.h"
#include "sandbox/backends/localsession.h"

#include <string>

namespace gatehouse::backends {

// session: a fresh one with an empty workspace.
[[nodiscard]] Result<execution::IsolationReport> measureIsolation(LocalSession& session);
// No sandbox can be made at all: every layer is absent, for this reason.
[[nodiscard]] execution::IsolationReport nothingHolds(const Error& reason);
// The layers that may differ from one sandbox to the next, put right for this one.
[[nodiscard]] execution::IsolationReport reportFor(const execution::IsolationReport& host, const protocol::SandboxCreated& created);

} // namespace gatehouse::backends
