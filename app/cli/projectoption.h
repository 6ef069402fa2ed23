// --project and the programs beside this one.
#pragma once

#include "app/cli/command.h"
#include "core/foundation/result.h"

#include <string>

namespace gatehouse::cli {

// --project, else the nearest parent of the working folder that holds gatehouse.json. Canonical.
[[nodiscard]] Result<std::string> projectOf(const Arguments& arguments);
// What a person types for another command about the same project: this program as it was called, and the project if it was named.
[[nodiscard]] QString sameProgram(const Arguments& arguments);
// Another program of ours: beside this one.
[[nodiscard]] std::string siblingProgram(const std::string& name);

} // namespace gatehouse::cli
