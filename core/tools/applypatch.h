// apply_patch as a function tool: {"patch": "*** Begin Patch …"}, also the bare patch text, and {"operation": {…}} or
// {"operations": […]} with {"type": "create_file" | "update_file" | "delete_file", "path", "diff"}.
//
// Parsed and matched on the host, so that a person sees the result before it happens; the effect is one commit of all
// files or none, bound to the digests of what was read. Owned by the registry; const methods from any thread.
#pragma once

#include "core/execution/tool.h"

#include <memory>

namespace gatehouse::tools {

[[nodiscard]] Result<std::unique_ptr<execution::Tool>> makeApplyPatch();

} // namespace gatehouse::tools
