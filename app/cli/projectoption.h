// --project and the programs beside this one.
#pragma once

#include "app/cli/command.h"
#include "core/foundation/result.h"

#include <string>

namespace gatehouse::cli {

// --project, else the nearest parent of the working folder that holds gatehouse.json. Canonical.
[[nodiscard]] Result<std::string> projectOf(const Arguments& arguments);
// What a person types here for another command about this project: the program as it was called, and the project unless it would be
// found.
[[nodiscard]] QString programFor(const std::string& project);
// Another program of ours: beside this one.
[[nodiscard]] std::string siblingProgram(const std::string& name);

} // namespace gatehouse::cli
