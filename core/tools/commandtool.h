// A tool that a project defines: a command in the sandbox that gets its arguments as JSON.
//
// The arguments stand on its standard input and in the file that GATEHOUSE_ARGUMENTS_FILE names, byte for byte as the
// model wrote them; its folder is /opt/tools. They are checked against the tool's schema first; duplicate keys are
// refused, because two readers could take them differently. Owned by the registry; const methods from any thread.
#pragma once

#include "core/execution/tool.h"
#include "core/foundation/result.h"

#include <memory>

namespace gatehouse::workflow {
struct ToolDefinition;
}

namespace gatehouse::tools {

// An error when the definition's schema can't be used (ErrorCode::InvalidInput).
[[nodiscard]] Result<std::unique_ptr<execution::Tool>> makeCommandTool(const workflow::ToolDefinition& definition);

} // namespace gatehouse::tools
