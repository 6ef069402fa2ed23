// Opening what a manifest names on this host: from the project's or a grant's folder down, no link followed.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"
#include "core/workflow/project.h"

#include <string>

namespace gatehouse::manifest {

// flags as open(2). ErrorCode::PermissionDenied when the path lies in neither, in the project's own state, or goes
// through a link.
[[nodiscard]] Result<UniqueFd> openSource(const workflow::Project& project, const std::string& path, int flags);
// path is folder or lies beneath it; both absolute and canonical.
[[nodiscard]] bool liesIn(const std::string& path, const std::string& folder);

} // namespace gatehouse::manifest
