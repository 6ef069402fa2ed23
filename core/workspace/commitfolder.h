// Makes a folder a git repository with one commit of all its files, for sample projects.
//
// Author, committer and date are fixed, contents are taken byte for byte, no user's or system's configuration is
// read and no hook runs: the same files give the same commit id everywhere.
#pragma once

#include "core/foundation/result.h"

#include <string>

namespace gatehouse::workspace {

// Returns the commit's id. The folder must not be a repository yet. A link in it is committed as a link.
[[nodiscard]] Result<std::string> commitFolder(const std::string& folder, const std::string& branch, const std::string& message);

} // namespace gatehouse::workspace
