// Names of commits in a local repository, read by ourselves: files below refs/, packed-refs, HEAD. Internal to core/workspace.
#pragma once

#include "core/foundation/result.h"

#include <string>

namespace gatehouse::workspace {

// What the name stands for: 40 hex digits, or 7 to 39 of them when no branch or tag is called so. gitFolder is the
// descriptor of .git; name is for errors. A name that is both a branch and a tag is ErrorCode::InvalidInput.
[[nodiscard]] Result<std::string> resolveRef(int gitFolder, const std::string& ref, const std::string& name);

} // namespace gatehouse::workspace
