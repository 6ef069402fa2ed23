// Sample projects that `gatehouse new` makes, embedded. Any thread; writes files.
#pragma once

#include "core/foundation/result.h"

#include <string>
#include <vector>

namespace gatehouse::workflow {

struct ProjectTemplate {
    std::string name;
    std::string description;
    // Folders, relative to the project, that the caller turns into git repositories with one commit (workspace::commitFolder).
    std::vector<std::string> repositories;
    std::string branch; // that the manifest's ref names
    std::string commitMessage;
    std::string workflow; // the workflow to try first, relative
};

inline constexpr const char* defaultTemplateName = "credit-note";

[[nodiscard]] std::vector<std::string> templateNames();
[[nodiscard]] Result<ProjectTemplate> findTemplate(const std::string& name);
// All or nothing: built beside, then renamed. target must not exist or be an empty folder (ErrorCode::AlreadyExists), which then
// stays the folder it is and gets gatehouse.json last.
// Files that begin with "#!" are executable.
[[nodiscard]] Result<ProjectTemplate> createFromTemplate(const std::string& name, const std::string& target);

} // namespace gatehouse::workflow
