// exec_command: a shell command in the sandbox, run to its end. Owned by the registry; const methods from any thread.
//
// Parameters and the shape of the result are those that models know: chunk id, wall time, exit code, original token
// count, output. A process that a limit ended says so by name with its figures. Two defaults differ on purpose: login
// is false, because a login shell reads files that an earlier command may have planted, so that more would run than was
// approved; and without max_output_tokens the text is cut at defaultOutputTokens (the journal keeps the whole output).
#pragma once

#include "core/execution/limits.h"
#include "core/execution/tool.h"

#include <memory>

namespace gatehouse::tools {

// limits: for the description that the model reads.
[[nodiscard]] Result<std::unique_ptr<execution::Tool>> makeExecCommand(const execution::ResourceLimits& limits);

} // namespace gatehouse::tools
