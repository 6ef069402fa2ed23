// Everything that is wrong in a project: what `gatehouse validate` and the Problems view show. Any thread; reads files.
#pragma once

#include "core/base/problem.h"

#include <string>
#include <vector>

namespace gatehouse::workflow {

// gatehouse.json, workflows/, profiles/, policies/ and scripts/ beneath directory, and every document they refer to, each once.
// Policies are checked by their schema here, their meaning by core/policy. Ordered by file and place; files are absolute.
[[nodiscard]] std::vector<Problem> validateProject(const std::string& directory);
// One document, its kind from its name or its "schema"; the file as path has it. A workflow needs its project: the nearest gatehouse.json
// above it.
[[nodiscard]] std::vector<Problem> validateDocument(const std::string& path);
// A workflow as it would be judged if its file held this text: what an editor shows before anything is saved.
[[nodiscard]] std::vector<Problem> validateWorkflowText(const std::string& path, const std::string& text);

} // namespace gatehouse::workflow
