// Making a sample project with its repositories: what `gatehouse new` and the welcome page do. Any thread; writes files.
#pragma once

#include "core/foundation/result.h"
#include "core/workflow/templates.h"

#include <string>

namespace gatehouse::app {

// All or nothing, as createFromTemplate(); the repositories have constant ids, whoever makes them and when.
[[nodiscard]] Result<workflow::ProjectTemplate> makeSampleProject(const std::string& name, const std::string& folder);

} // namespace gatehouse::app
