// The forms in which models and scripts hand over a patch, as one V4A patch. Internal to core/tools.
#pragma once

#include "core/execution/tool.h"
#include "core/foundation/result.h"
#include "core/tools/arguments.h"
#include "core/tools/v4apatch.h"

#include <nlohmann/json_fwd.hpp>

namespace gatehouse::tools {

[[nodiscard]] nlohmann::json patchParameters();
// {"patch": text}, {"operation": {…}}, {"operations": […]}, the text as a JSON string, or the bare text.
[[nodiscard]] Result<V4aPatch> readPatch(const execution::ToolCall& call, const ArgumentReader& reader);

} // namespace gatehouse::tools
